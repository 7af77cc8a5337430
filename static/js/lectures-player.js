// Tells the server which parts of a recording were really played. The server decides what to
// believe; here nothing is counted. Parts that cannot be sent wait, and go with the next ones.
const EVERY = 10_000;
const AGAIN = 2_000;

const box = document.querySelector("[data-player]");
if (box) follow(box);

function follow(box) {
  const video = box.querySelector("video");
  const part = (name) => box.querySelector(`[data-${name}]`);
  const words = part("words").dataset;
  const waiting = [];
  let number = 0;
  let from = null;
  let last = 0;
  let sending = false;
  let stopped = false;

  const milliseconds = () => Math.round(video.currentTime * 1000);
  const speed = () => Math.round(video.playbackRate * 100);

  // What has been played since the last time, unless the viewer has jumped.
  function close() {
    if (from !== null && last > from) {
      const before = waiting.at(-1);
      // One that has been sent is not touched: its number must always mean the same part.
      if (before && before.end === from && before.speed === speed() && before.number === undefined) {
        before.end = last;
      } else {
        waiting.push({ begin: from, end: last, speed: speed() });
      }
    }
    from = null;
  }

  function body(claim) {
    const form = new FormData();
    form.set("csrfmiddlewaretoken", box.querySelector("[name=csrfmiddlewaretoken]").value);
    form.set("token", box.dataset.token);
    form.set("number", claim.number);
    form.set("begin", claim.begin);
    form.set("end", claim.end);
    form.set("speed", claim.speed);
    form.set("at", milliseconds());
    return form;
  }

  async function send() {
    if (sending || stopped) return;
    sending = true;
    try {
      while (waiting.length) {
        const claim = waiting[0];
        claim.number ??= ++number;
        const answer = await fetch(box.dataset.watched, { method: "POST", body: body(claim), keepalive: true });
        if (answer.status === 409 || answer.status === 403 || answer.status === 404 || answer.redirected) {
          stopped = true;
          video.pause();
          say(words.stopped);
          return;
        }
        if (!answer.ok) throw new Error(answer.status);
        waiting.shift();
        show(await answer.json());
      }
    } catch {
      say(words.offline);
      setTimeout(send, AGAIN);
    } finally {
      sending = false;
    }
  }

  function show(standing) {
    part("seen").textContent = standing.seen;
    part("left").textContent = standing.left;
    part("counted").textContent = standing.counted;
    const bar = part("parts");
    bar.querySelectorAll(".watched__part").forEach((one) => one.remove());
    for (const [x, width] of standing.parts) {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("class", "watched__part");
      rect.setAttribute("x", x);
      rect.setAttribute("width", width);
      rect.setAttribute("height", 6);
      bar.append(rect);
    }
    say(standing.reached ? words.reached : "");
  }

  function say(text) {
    const said = part("said");
    if (said.textContent !== text) said.textContent = text;
  }

  function flush() {
    const goesOn = !video.paused && !video.seeking && !video.ended;
    close();
    if (goesOn) from = last;
    send();
  }

  video.addEventListener("timeupdate", () => {
    if (video.paused || video.seeking) return;
    from ??= last = milliseconds();
    last = milliseconds();
  });
  video.addEventListener("playing", () => {
    from = last = milliseconds();
  });
  // The time already says where the viewer jumped to; `last` says how far was really played.
  video.addEventListener("seeking", () => { close(); send(); });
  video.addEventListener("ratechange", () => { pressed(); });
  video.addEventListener("pause", () => { if (!video.seeking) last = Math.max(last, milliseconds()); flush(); });
  video.addEventListener("ended", flush);
  setInterval(() => { if (from !== null) flush(); }, EVERY);
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });

  // Where I stopped.
  const position = Number(box.dataset.position);
  const length = Number(box.dataset.length);
  const resume = () => {
    if (position > 5_000 && position < length - 5_000) {
      video.currentTime = position / 1000;
      part("resumed").hidden = false;
    }
  };
  if (video.readyState > 0) resume();
  else video.addEventListener("loadedmetadata", resume, { once: true });
  part("restart").addEventListener("click", () => { video.currentTime = 0; part("resumed").hidden = true; video.focus(); });

  // Tools that only work with script stand hidden until here.
  part("tools").hidden = false;
  part("tools").addEventListener("submit", (event) => event.preventDefault());
  function move(seconds) {
    video.currentTime = Math.min(Math.max(video.currentTime + seconds, 0), video.duration || length / 1000);
  }
  function setSpeed(value) {
    // What was played so far was played at the old speed.
    flush();
    video.playbackRate = value / 100;
  }
  function pressed() {
    box.querySelectorAll("[data-speed]").forEach((one) => one.setAttribute("aria-pressed", String(Number(one.dataset.speed) === speed())));
  }
  function captions() {
    const track = video.textTracks[0];
    if (!track) return;
    track.mode = track.mode === "showing" ? "disabled" : "showing";
    part("captions").setAttribute("aria-pressed", String(track.mode === "showing"));
  }
  function jump(seconds) {
    video.currentTime = seconds;
    video.play().catch(() => {});
    video.focus();
  }
  box.addEventListener("click", (event) => {
    const pressedOn = event.target.closest("[data-speed], [data-move], [data-captions], [data-second]");
    if (!pressedOn) return;
    const { speed: to, move: by, second } = pressedOn.dataset;
    if (second !== undefined) { event.preventDefault(); jump(Number(second)); }
    else if (to !== undefined) setSpeed(Number(to));
    else if (by !== undefined) move(Number(by));
    else captions();
  });
  // Only while the video itself has the focus: letters elsewhere are for writing and for screen readers.
  video.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const does = { j: () => move(-10), l: () => move(10), c: captions, k: () => (video.paused ? video.play() : video.pause()) };
    const wanted = does[event.key.toLowerCase()];
    if (wanted) { event.preventDefault(); wanted(); }
  });
}
