// Draws the workflow anew while it is written. The form is sent as it stands to the
// server, which draws it; nothing is saved, and without this script the page
// «Check and publish» shows the same picture.
(() => {
  "use strict";
  const WAIT = 500;

  const start = (place) => {
    const form = place.closest("form");
    const drawn = place.querySelector("[data-workflow-drawn]");
    const status = place.querySelector("[data-workflow-status]");
    if (!form || !drawn) return;
    let timer = 0;
    let asked = 0;

    const draw = async () => {
      const mine = ++asked;
      try {
        const response = await fetch(place.dataset.workflowPicture, {
          method: "POST",
          body: new FormData(form),
          credentials: "same-origin",
          headers: { "X-Requested-With": "XMLHttpRequest" },
        });
        if (mine !== asked) return; // a later picture is on its way
        if (!response.ok || response.redirected) throw new Error(String(response.status));
        drawn.innerHTML = await response.text();
        status.textContent = "";
      } catch (error) {
        if (mine === asked) status.textContent = status.dataset.late;
      }
    };
    const soon = (event) => {
      if (event && place.contains(event.target)) return;
      clearTimeout(timer);
      timer = setTimeout(draw, WAIT);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    // Steps that are added, moved or taken away: the counters and orders are hidden fields.
    form.addEventListener("click", (event) => {
      if (event.target.closest("button")) soon(event);
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-workflow-picture]").forEach(start);
  });
})();
