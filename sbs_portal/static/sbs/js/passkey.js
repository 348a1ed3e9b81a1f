// Passkeys: a form with data-passkey asks the browser for a key before it is sent.
// create: makes one. get: uses one of the user's. login: asks the server first, before anybody is known.
(function () {
  "use strict";

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) {
      return letter.charCodeAt(0);
    }).buffer;
  }

  function text(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=/g, "");
  }

  function read(options) {
    var found = options.publicKey;
    found.challenge = bytes(found.challenge);
    if (found.user) {
      found.user.id = bytes(found.user.id);
    }
    (found.excludeCredentials || []).concat(found.allowCredentials || []).forEach(function (known) {
      known.id = bytes(known.id);
    });
    return { publicKey: found };
  }

  function written(credential) {
    var response = { clientDataJSON: text(credential.response.clientDataJSON) };
    if (credential.response.attestationObject) {
      response.attestationObject = text(credential.response.attestationObject);
      response.transports = credential.response.getTransports ? credential.response.getTransports() : [];
    } else {
      response.authenticatorData = text(credential.response.authenticatorData);
      response.signature = text(credential.response.signature);
      response.userHandle = credential.response.userHandle ? text(credential.response.userHandle) : null;
    }
    return JSON.stringify({
      type: credential.type,
      id: credential.id,
      rawId: text(credential.rawId),
      response: response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function options(form) {
    if (form.dataset.passkey === "login") {
      var answer = await fetch(form.action, { headers: { Accept: "application/json" } });
      if (!answer.ok) {
        throw new Error("The server gave no options.");
      }
      return (await answer.json()).request_options;
    }
    return JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
  }

  async function ask(form) {
    var asked = read(await options(form));
    if (form.dataset.passkey !== "create") {
      return navigator.credentials.get(asked);
    }
    // Kept in the device where it can be, so that it opens the portal without a password.
    Object.assign(asked.publicKey.authenticatorSelection, { residentKey: "preferred", requireResidentKey: false });
    return navigator.credentials.create(asked);
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var status = form.querySelector("[data-passkey-status]");
    if (!window.PublicKeyCredential) {
      status.textContent = "Den här webbläsaren kan inte använda inloggningsnycklar.";
      form.querySelector("button[type='submit']").disabled = true;
      return;
    }
    form.hidden = false;
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      status.textContent = "";
      try {
        form.elements.credential.value = written(await ask(form));
      } catch (error) {
        status.textContent = "Det blev ingen nyckel. Försök igen, eller välj ett annat sätt.";
        return;
      }
      form.submit();
    });
  });
})();
