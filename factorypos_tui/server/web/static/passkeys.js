/* A form with data-passkey asks the server what to sign, has the browser sign it, and is sent with the answer. */
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  buffer &&
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

const toMake = (asked) => ({
  ...asked,
  challenge: bytes(asked.challenge),
  user: { ...asked.user, id: bytes(asked.user.id) },
  excludeCredentials: known(asked.excludeCredentials),
});

const toSign = (asked) => ({
  ...asked,
  challenge: bytes(asked.challenge),
  allowCredentials: known(asked.allowCredentials),
});

const answer = ({ id, rawId, type, response }) => ({
  id,
  type,
  rawId: text(rawId),
  response: {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: text(response.userHandle),
  },
});

const ask = async (form) => {
  const fields = new URLSearchParams({ csrf: form.elements.csrf.value });
  const answered = await fetch(form.dataset.ask, { method: "POST", body: fields });
  if (answered.redirected) location.reload(); // to the proof, or to the log-in
  const asked = await answered.json();
  return form.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: toMake(asked) })
    : navigator.credentials.get({ publicKey: toSign(asked) });
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const refusal = form.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    refusal.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(answer(await ask(form)));
      form.requestSubmit();
    } catch {
      refusal.hidden = false;
    }
  });
}
