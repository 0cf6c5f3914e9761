"""Acting as a named person on the command line: with a password, never with more sight than it opens."""

from __future__ import annotations

import getpass
import os

from forestall.access.models import Person
from forestall.access.session import Assurance, Session, for_person
from forestall.base.errors import Refused
from forestall.base.words import say


def session_with_password(username: str) -> Session:
    """The session of a person who types the password (or sets FORESTALL_PASSWORD_USERNAME for a script)."""
    variable = f"FORESTALL_PASSWORD_{username.upper()}"
    password = os.environ.get(variable) or getpass.getpass(f"Password of {username}: ")
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None or not person.check_password(password):
        raise Refused(say("The name and the password do not belong together."))
    return for_person(person, assurance=Assurance.PASSWORD)
