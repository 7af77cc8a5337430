// The next code without a new page: the page works without this, by asking for itself anew.
const frame = document.querySelector("[data-code-from]");
let latest = 0;

async function renew() {
  const asked = ++latest;
  try {
    const answer = await fetch(frame.dataset.codeFrom, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) {
      window.location.reload();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector(".screen__now");
    if (asked === latest && now) {
      frame.replaceChildren(now);
    }
    wait();
  } catch {
    // No network for a moment: the old code stays until there is one again.
    setTimeout(renew, 3000);
  }
}

function wait() {
  const seconds = Number(frame.querySelector(".screen__now")?.dataset.seconds) || 30;
  setTimeout(renew, Math.min(seconds, 60) * 1000 + 200);
}

if (frame) {
  wait();
}
