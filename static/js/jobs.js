// The part of a job's page that changes, asked for anew until the work has ended.
const EVERY_MS = 2000;

async function look() {
  const part = document.getElementById("job-part");
  if (!part || document.hidden) {
    setTimeout(look, EVERY_MS);
    return;
  }
  try {
    const answer = await fetch("?del=1", { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("job-part");
      if (fresh && fresh.innerHTML !== part.innerHTML) {
        part.replaceWith(fresh);
      }
      if (fresh?.dataset.ended === "yes") {
        // The buttons around it belong to work that goes on.
        location.reload();
        return;
      }
    }
  } catch {
    // No network for a moment: the next look may find it.
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
