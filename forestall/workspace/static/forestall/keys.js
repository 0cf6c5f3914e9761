// Asks a security key: the browser's own interface (WebAuthn) needs a script. Plain module, no dependency.
// Markup asks for it with data-* attributes only:
//   form[data-passkey="create|get"]   a new key is made, or one is asked
//   data-passkey-options="id"         the element with this id holds the question, as JSON
//   data-passkey-field="name"         the hidden input that takes the answer, as JSON
//   [data-passkey-button]             sends the form once the key has answered
//   [data-passkey-without]            says what is missing; goes when nothing is
//   [data-passkey-failed]             says that the key did not answer

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const described = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function question({ publicKey }) {
  const asked = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.excludeCredentials) asked.excludeCredentials = described(asked.excludeCredentials);
  if (asked.allowCredentials) asked.allowCredentials = described(asked.allowCredentials);
  return { publicKey: asked };
}

function answer(credential) {
  const told = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) told[name] = text(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: told,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ask(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const asked = question(JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent));
    const given = form.dataset.passkey === "create"
      ? await navigator.credentials.create(asked)
      : await navigator.credentials.get(asked);
    form.elements[form.dataset.passkeyField].value = JSON.stringify(answer(given));
    form.submit();
  } catch {
    failed.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.querySelector("[data-passkey-without]").hidden = true;
    form.querySelector("[data-passkey-button]").disabled = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
}
