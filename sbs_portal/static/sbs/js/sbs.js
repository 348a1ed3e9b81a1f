// Small helps on pages that already work without them.
(function () {
  "use strict";

  var wide = window.matchMedia("(min-width: 900px)");

  // Folding sections stand open on a wide screen, where their headings are no buttons. On a phone again,
  // each returns to what it was.
  function unfold(root) {
    root.querySelectorAll("details.fold").forEach(function (fold) {
      var summary = fold.querySelector(":scope > summary");
      if (wide.matches && !fold.hasAttribute("data-wide")) {
        fold.setAttribute("data-wide", fold.open ? "open" : "closed");
        fold.open = true;
        summary.tabIndex = -1;
      } else if (!wide.matches && fold.hasAttribute("data-wide")) {
        fold.open = fold.getAttribute("data-wide") === "open";
        fold.removeAttribute("data-wide");
        summary.removeAttribute("tabindex");
      }
    });
  }

  // A link to a folded section opens it.
  function openTarget() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var fold = target && target.closest("details");
    if (fold && !fold.open) {
      fold.open = true;
      target.scrollIntoView();
    }
  }

  // Tabs that scroll sideways start at the one the reader is on.
  function showActiveTab(root) {
    root.querySelectorAll(".tabs [aria-current], .toolbar > .pills [aria-current]").forEach(function (tab) {
      tab.closest(".tabs, .pills").scrollLeft = tab.offsetLeft - 24;
    });
  }

  // A box that ticks all rows of the page, and how many are ticked. Without scripts one chooses "Alla på sidan".
  function tickAll() {
    document.querySelectorAll("[data-tick-all]").forEach(function (all) {
      (all.closest("label[hidden]") || all).hidden = false;
    });
    document.addEventListener("change", function (event) {
      var box = event.target;
      var id = box.getAttribute("data-tick-all") || (box.name === "rad" && box.getAttribute("form"));
      var form = id && document.getElementById(id);
      if (!form) {
        return;
      }
      var boxes = Array.from(document.querySelectorAll("input[name='rad'][form='" + id + "']"));
      if (box.hasAttribute("data-tick-all")) {
        boxes.forEach(function (one) {
          one.checked = box.checked;
        });
      }
      var ticked = boxes.filter(function (one) {
        return one.checked;
      }).length;
      document.querySelectorAll("[data-tick-all='" + id + "']").forEach(function (all) {
        all.checked = ticked === boxes.length;
        all.indeterminate = ticked > 0 && ticked < boxes.length;
      });
      form.elements.vilka.value = "kryss";
      if (ticked && form.closest("details")) {
        form.closest("details").open = true;
      }
      form.querySelector("[data-ticked]").textContent = ticked ? ticked + (ticked === 1 ? " vald" : " valda") : "";
    });
  }

  // The side index marks the section being read.
  function followReading() {
    var links = Array.from(document.querySelectorAll(".side-index a[href^='#']"));
    var sections = links
      .map(function (link) {
        return document.getElementById(link.hash.slice(1));
      })
      .filter(Boolean);
    if (!sections.length || !("IntersectionObserver" in window)) {
      return;
    }
    function mark() {
      var reading = sections[0];
      sections.forEach(function (section) {
        if (section.getBoundingClientRect().top < window.innerHeight * 0.3) {
          reading = section;
        }
      });
      links.forEach(function (link) {
        if (link.hash === "#" + reading.id) {
          link.setAttribute("aria-current", "true");
        } else {
          link.removeAttribute("aria-current");
        }
      });
    }
    var observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -70% 0px", threshold: [0, 1] });
    sections.forEach(function (section) {
      observer.observe(section);
    });
  }

  // Escape and a click outside close the menus in the page head.
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open], details.account[open], details.drop[open]").forEach(function (menu) {
      if (!menu.contains(except)) {
        menu.open = false;
      }
    });
  }

  function start(root) {
    unfold(root);
    showActiveTab(root);
  }

  start(document);
  followReading();
  tickAll();
  openTarget();
  wide.addEventListener("change", function () {
    unfold(document);
  });
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.fold").forEach(function (fold) {
      fold.open = true;
    });
  });
  document.addEventListener("htmx:load", function (event) {
    start(event.target);
  });
  // What is shown once can be copied in one press; without a clipboard it is marked, ready to copy.
  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    button.hidden = false;
  });
  function copy(button) {
    var field = document.getElementById(button.getAttribute("data-copy"));
    field.select();
    if (navigator.clipboard) {
      navigator.clipboard.writeText(field.value).then(function () {
        button.textContent = button.getAttribute("data-copied");
      });
    }
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target);
    if (event.target.closest("[data-copy]")) {
      copy(event.target.closest("[data-copy]"));
    }
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });
  // Ctrl+K (Cmd+K) goes to the search; the arrows walk between the question and what was found.
  function findSearch() {
    return (
      document.getElementById("fraga") ||
      Array.from(document.querySelectorAll(".site-search input")).find(function (input) {
        return input.offsetParent !== null;
      })
    );
  }

  function walkHits(event) {
    var hits = Array.from(document.querySelectorAll("#traffar [data-hit]"));
    var from = hits.indexOf(document.activeElement);
    var input = document.getElementById("fraga");
    if (!hits.length || (from < 0 && document.activeElement !== input)) {
      return;
    }
    var to = from + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    (to < 0 ? input : hits[Math.min(to, hits.length - 1)]).focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      walkHits(event);
    }
    if (event.key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      var search = findSearch();
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    if (event.key === "Escape") {
      var open = document.querySelector("details.menu[open], details.account[open], details.drop[open]");
      closeMenus(null);
      if (open) {
        open.querySelector("summary").focus();
      }
    }
  });

  // A form that came back with errors is read from its summary.
  var summary = document.querySelector("form[method='post'] [data-error-summary]");
  if (summary) {
    summary.focus();
  }
})();
