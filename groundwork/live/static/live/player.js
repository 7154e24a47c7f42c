/* The player of a stream. ES2019, no imports. Nothing is fetched before the reader presses play.
   HLS of the browser's own where it has it; else hls.js, loaded then and judged by its digest.
   While the picture runs the server is asked nothing; only when it stands still does the player ask
   what is on, at moments spread by chance, so that a broken line of a million brings no storm. */

const STILL = 7000; /* ms without progress that are not the phone's own slowness */
const ASK = 5000; /* ms between questions while the line is down; with chance 4-9 s */
const IDLE = 25000; /* ms between questions before the start; with chance 20-45 s */
const wait = (ms) => ms * (0.8 + Math.random());

document.querySelectorAll("[data-player]").forEach((box) => {
  const video = box.querySelector("video");
  const start = box.querySelector("[data-start]");
  const waiting = box.querySelector("[data-waiting]");
  const note = box.querySelector("[data-note]");
  const sound = box.querySelector("[data-sound]");
  const captions = box.querySelector("[data-captions]");
  const newest = box.querySelector("[data-newest]");
  const cut = box.querySelector("[data-cut]");
  const choices = box.querySelector("[data-choices]");
  const words = box.querySelector("[data-words]").content;
  const on = { hls: box.dataset.hls, audio: box.dataset.audio, replay: box.dataset.replay, state: "" };
  let face = box.dataset.face;
  let playing = ""; /* "" | live | replay */
  let soundOnly = false;
  let useLibrary = !video.canPlayType("application/vnd.apple.mpegurl");
  let hls = null;
  let pulse = null;
  let moved = 0; /* when the picture last moved */
  let stood = -1; /* where it stood */
  let asking = 0;

  const word = (key) => words.querySelector(`[data-word="${key}"]`).textContent;
  function say(key) {
    note.dataset.kind = key;
    const text = key ? word(key) : "";
    if (note.textContent !== text) note.textContent = text;
  }

  function offer() {
    const replay = !on.hls && on.replay;
    start.hidden = Boolean(playing) || !(on.hls || on.replay);
    if (waiting) waiting.hidden = Boolean(playing) || !start.hidden;
    start.querySelector("[data-start-words]").textContent = word(replay ? "replay" : "live");
    choices.hidden = !playing;
    sound.hidden = !(playing === "live" && on.audio);
    captions.hidden = !(playing && video.textTracks.length);
    newest.hidden = playing !== "live";
    video.controls = Boolean(playing);
    video.tabIndex = playing ? 0 : -1;
    box.dataset.playing = playing;
    tell();
  }

  /* The page around may want to know: what is offered, what is played. */
  let told = "";
  function tell() {
    const detail = { offered: on.hls ? "live" : on.replay ? "replay" : "", playing };
    const said = JSON.stringify(detail);
    if (said === told) return;
    told = said;
    document.body.dispatchEvent(new CustomEvent("player:state", { detail }));
  }

  function address() {
    if (playing === "replay") return on.replay;
    return soundOnly && on.audio ? on.audio : on.hls;
  }

  function library() {
    if (window.Hls) return Promise.resolve(window.Hls);
    return new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = box.dataset.library;
      script.integrity = box.dataset.integrity;
      script.onload = () => (window.Hls ? done(window.Hls) : fail(new Error("no library")));
      script.onerror = fail;
      document.head.appendChild(script);
    });
  }

  function drop() {
    if (hls) { hls.destroy(); hls = null; }
    video.removeAttribute("src");
  }

  async function load() {
    const from = playing === "replay" ? video.currentTime : 0;
    drop();
    moved = Date.now();
    stood = -1;
    if (!useLibrary) {
      video.src = address();
      if (from) video.currentTime = from;
      return run();
    }
    let Hls;
    try { Hls = await library(); } catch (error) { return say("unable"); }
    if (!Hls.isSupported()) return say("unable");
    /* Its worker would need blob: scripts; the work of one picture fits the page. */
    hls = new Hls({ enableWorker: false, backBufferLength: 30, maxBufferLength: 30, startPosition: from || -1, startLevel: 0, capLevelToPlayerSize: true });
    hls.on(Hls.Events.ERROR, (name, data) => {
      if (!data.fatal) return;
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR && hls) hls.recoverMediaError();
      else trouble();
    });
    hls.loadSource(address());
    hls.attachMedia(video);
    return run();
  }

  function run() {
    const begun = video.play();
    if (begun && begun.catch) begun.catch(() => {});
  }

  /* Only what is live is counted; nobody counts who watches the replay. */
  function count() {
    const wanted = playing === "live" && window.livePulse;
    if (wanted && !pulse) pulse = window.livePulse.attach(video, box.dataset.stream);
    if (!wanted && pulse) { pulse.stop(); pulse = null; }
  }

  function begin() {
    if (playing) return;
    playing = on.hls ? "live" : "replay";
    count();
    say("loading");
    offer();
    load();
    video.focus();
  }

  /* The picture stands still or could not be had. */
  function trouble() {
    if (playing) say("broken");
    ask(0);
  }

  function ask(after) {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      let now = null;
      try {
        const answer = await fetch(box.dataset.now, { credentials: "same-origin" });
        if (answer.ok) now = await answer.json();
      } catch (error) { /* no line: the place is kept, it is tried again */ }
      hear(now);
    }, after);
  }

  function hear(now) {
    if (!now) return ask(wait(ASK));
    const had = Boolean(on.hls || on.replay);
    on.hls = now.hls; on.audio = now.audio; on.replay = now.replay; on.state = now.state;
    cut.hidden = !now.cut_short;
    if (now.state === "ended") return ended();
    if (!playing) {
      offer();
      if (!had && on.hls) say("started");
      else say(on.hls ? (now.state === "broken" ? "broken" : "") : "before");
      /* Once the button stands there, nothing more is asked until it is pressed. */
      return on.hls && now.state === "on_air" ? null : ask(wait(now.state === "broken" ? ASK : IDLE));
    }
    if (playing === "replay") return null;
    if (now.state === "broken") { say("broken"); return ask(wait(ASK)); }
    if (Date.now() - moved > STILL) {
      /* On air, yet not here: fetch it anew. */
      if (video.error || Date.now() - moved > 2 * STILL) load(); else say("slow");
      return ask(wait(ASK));
    }
    return null;
  }

  function ended() {
    face = on.replay ? "replay" : "ended";
    if (playing === "live") {
      playing = "";
      count();
      drop();
      video.load();
    }
    offer();
    say(on.replay ? (playing ? "" : "over") : "ended");
    return on.replay ? null : ask(wait(2 * IDLE));
  }

  start.addEventListener("click", begin);
  newest.addEventListener("click", () => { say("loading"); load(); });
  sound.addEventListener("click", () => {
    soundOnly = !soundOnly;
    sound.setAttribute("aria-pressed", String(soundOnly));
    box.classList.toggle("sound", soundOnly);
    say("loading");
    load();
  });
  captions.addEventListener("click", () => {
    const shown = captions.getAttribute("aria-pressed") !== "true";
    captions.setAttribute("aria-pressed", String(shown));
    Array.from(video.textTracks).forEach((track) => { track.mode = shown ? "showing" : "hidden"; });
  });
  video.addEventListener("error", () => {
    if (!playing || !video.getAttribute("src") || hls) return;
    /* A browser that says it can and then cannot: the library, if it can. */
    if (!useLibrary && video.error && video.error.code > 2 && (window.MediaSource || window.ManagedMediaSource)) {
      useLibrary = true;
      load();
    } else trouble();
  });
  video.addEventListener("ended", () => { if (playing === "live") ask(0); });

  setInterval(() => {
    if (!playing) return;
    if (video.currentTime !== stood) {
      const was = note.dataset.kind;
      if (stood >= 0) {
        if (was === "broken") say("back");
        else if (was !== "back" || Date.now() - moved > STILL) say(soundOnly ? "sound" : "");
      }
      stood = video.currentTime;
      moved = Date.now();
    } else if (playing === "live" && !video.paused && Date.now() - moved > STILL && note.dataset.kind !== "broken" && note.dataset.kind !== "slow") {
      trouble();
    }
  }, 1000);

  offer();
  if (face === "before") say("before");
  if (face === "broken") say("broken");
  if (face === "ended") say("ended");
  if (face === "before" || face === "broken") {
    const until = new Date(box.dataset.starts).getTime() - Date.now() - 600000;
    ask(wait(face === "broken" ? ASK : Math.min(Math.max(IDLE, until), 900000)));
  }
  if (face === "ended") ask(wait(2 * IDLE));
  if (captions && video.textTracks.length) Array.from(video.textTracks).forEach((track) => { track.mode = "hidden"; });
});
