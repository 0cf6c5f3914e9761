"""Who else is asked the panel bench's questions: Spark, Polars, SQLite and DuckDB bare."""

from __future__ import annotations

import os
from typing import Any


def spark_session(*, megabytes: int, threads: int = 2) -> Any:
    """A session of Spark on this machine alone, that listens to nobody else."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": f"{megabytes}m",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master(f"local[{threads}]").appName("forestall")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
