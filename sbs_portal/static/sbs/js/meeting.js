// Helps on the page one writes on at a meeting. Without it every button saves the whole page.
(function () {
  "use strict";

  var form = document.getElementById("anteckningar");
  if (!form) {
    return;
  }
  var notSaved = document.getElementById("ej-sparat");
  var waiting = new Set();
  var draftKey = "traff-" + form.getAttribute("data-draft");

  document.getElementById("sparat").textContent = "Allt sparas medan du skriver.";

  function newText() {
    return form.querySelector("#ny textarea");
  }

  // The number with − and +.
  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-step]");
    if (!button) {
      return;
    }
    event.preventDefault();
    var input = document.getElementById("id_total_on_site");
    var from = input.value === "" ? Number(input.getAttribute("data-from")) : Number(input.value);
    input.value = Math.min(5000, Math.max(0, from + Number(button.getAttribute("data-step"))));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // What is being typed survives a lost page; it is forgotten when it has been saved.
  function keepDraft() {
    try {
      if (newText() && newText().value.trim()) {
        sessionStorage.setItem(draftKey, newText().value);
      } else {
        sessionStorage.removeItem(draftKey);
      }
    } catch (error) {
      // A browser that stores nothing: the page works without.
    }
  }
  form.addEventListener("input", function (event) {
    if (event.target === newText()) {
      keepDraft();
    }
  });
  try {
    var draft = sessionStorage.getItem(draftKey);
    if (draft && newText() && !newText().value) {
      newText().value = draft;
    }
  } catch (error) {
    // As above.
  }
  form.addEventListener("submit", function () {
    try {
      sessionStorage.removeItem(draftKey);
    } catch (error) {
      // As above.
    }
  });

  // A bad connection: say so, keep what was done, and send it again.
  function say(text) {
    notSaved.hidden = !text;
    notSaved.textContent = text;
  }
  document.body.addEventListener("htmx:sendError", function (event) {
    waiting.add(event.detail.elt);
    say("Inte sparat än: ingen kontakt. Det du skrev står kvar och skickas igen när nätet är tillbaka.");
  });
  document.body.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status === 404) {
      say("Raden finns inte längre. Kopiera din text och ladda om sidan.");
    } else {
      say("Det gick inte att spara. Det du skrev står kvar. Ladda om sidan om det händer igen.");
    }
  });
  document.body.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful) {
      waiting.delete(event.detail.elt);
      if (!waiting.size) {
        say("");
      }
      if (event.detail.target && event.detail.target.id === "rader-innehall") {
        keepDraft();
        if (newText()) {
          newText().focus();
        }
      }
    }
  });
  function sendAgain() {
    Array.from(waiting).forEach(function (element) {
      waiting.delete(element);
      if (element.isConnected) {
        window.htmx.trigger(element, element.tagName === "BUTTON" ? "click" : "igen");
      }
    });
  }
  window.addEventListener("online", sendAgain);
  setInterval(function () {
    if (waiting.size && navigator.onLine) {
      sendAgain();
    }
  }, 5000);
})();
