/* Says which minutes of a broadcast this browser played, so that viewers can be counted.

   <video data-pulse="STREAM"> is enough; a player that makes its element later calls
   livePulse.attach(media, "STREAM") and, on the handle it gets, stop().
   What is sent: the stream, a token that is random for this browser and evening, a minute of the
   stream and a bit for each of the last 32. No account, no cookie; the token lives in sessionStorage
   and is shared with this browser's other tabs, so that two tabs are one viewer.
   Minutes are the server's: every answer says what second of the stream it is, and when the next
   pulse is due. A pulse that got lost is healed by the next, which says the same minutes again. */
(function () {
  "use strict";
  const ADDRESS = "/live/pulse";
  const WINDOW = 32; /* minutes, as groundwork/live/rules/pulse.py has it */
  const PLAYED = 20; /* seconds of a minute that make it a minute played */
  const HEAD_START = 2; /* minutes a page may have played before it drew its token */
  const TICK = 1000; /* ms */
  const SLEPT = 5000; /* ms by which two clocks may disagree before the phone must have slept */
  const FIRST_WAIT = 20; /* seconds after a failure; doubles up to LONGEST_WAIT */
  const LONGEST_WAIT = 300;
  const TABS = 200; /* ms in which another tab may name its token */

  function stored(name, value) {
    try {
      if (value === undefined) return sessionStorage.getItem(name) || "";
      if (value) sessionStorage.setItem(name, value); else sessionStorage.removeItem(name);
    } catch (error) { /* storage is switched off: the token lives as long as the page */ }
    return value || "";
  }

  class Pulse {
    constructor(media, stream) {
      this.media = media;
      this.stream = stream;
      this.name = "live-pulse:" + stream;
      this.token = stored(this.name);
      this.spans = []; /* [from, to] in ms of performance.now(), newest last */
      this.position = null; /* {at: second of the stream, heard: performance.now()} */
      this.told = new Map(); /* minute: 1, acknowledged */
      this.due = 0;
      this.wait = FIRST_WAIT;
      this.busy = false;
      this.over = false;
      this.last = this.look();
      this.hidden = () => { if (document.visibilityState === "hidden") this.sayGoodbye(); };
      this.leave = () => this.sayGoodbye();
      document.addEventListener("visibilitychange", this.hidden);
      window.addEventListener("pagehide", this.leave);
      this.joinTabs();
      this.timer = setInterval(() => this.tick(), TICK);
    }

    stop() {
      this.sayGoodbye();
      this.over = true;
      clearInterval(this.timer);
      document.removeEventListener("visibilitychange", this.hidden);
      window.removeEventListener("pagehide", this.leave);
      if (this.tabs) this.tabs.close();
    }

    /* ---- one token for all tabs ---- */
    joinTabs() {
      this.due = performance.now() + TABS;
      if (typeof BroadcastChannel === "undefined") return;
      this.tabs = new BroadcastChannel(this.name);
      this.tabs.onmessage = (event) => this.hear(String(event.data));
      this.tabs.postMessage(this.token || "?");
    }
    hear(said) {
      if (said === "?") { if (this.token) this.tabs.postMessage(this.token); return; }
      if (said === this.token) return;
      /* Two drew at the same moment: all keep the one that sorts first. */
      if (!this.token || said < this.token) this.setToken(said);
      else this.tabs.postMessage(this.token);
    }
    setToken(token) {
      this.token = stored(this.name, token);
      this.told.clear();
    }

    /* ---- what was played ---- */
    look() {
      return { clock: performance.now(), date: Date.now(), place: this.media.currentTime };
    }
    tick() {
      const before = this.last;
      const now = this.look();
      this.last = now;
      if (Math.abs((now.date - before.date) - (now.clock - before.clock)) > SLEPT) {
        /* One of the clocks stood still or jumped: what it measured is no longer sure. */
        this.spans = [];
        this.position = null;
        this.due = Math.min(this.due, now.clock);
      } else {
        this.note(before, now);
      }
      if (now.clock >= this.due && !this.busy && !this.over) this.send();
    }
    note(before, now) {
      const rate = this.media.playbackRate || 1;
      const played = Math.min(now.clock - before.clock, 1000 * (now.place - before.place) / rate);
      /* A jump forward plays nothing: no more than the time that went by, and not while paused. */
      if (this.media.paused || this.media.seeking || !(played > 0)) return;
      const last = this.spans[this.spans.length - 1];
      const from = now.clock - played;
      if (last && from - last[1] < 50) last[1] = now.clock;
      else this.spans.push([from, now.clock]);
      const oldest = now.clock - WINDOW * 60000;
      while (this.spans.length && this.spans[0][1] < oldest) this.spans.shift();
    }

    /* ---- minutes of the stream ---- */
    second(clock) {
      return this.position.at + (clock - this.position.heard) / 1000;
    }
    minutes() {
      const seconds = new Map();
      this.spans.forEach((span) => {
        let from = this.second(span[0]);
        const end = this.second(span[1]);
        while (from < end) {
          const minute = Math.floor(from / 60);
          const to = Math.min(end, (minute + 1) * 60);
          seconds.set(minute, (seconds.get(minute) || 0) + to - from);
          from = to;
        }
      });
      /* The token says in which minute it was drawn; what was long before is nobody's. */
      const first = Math.max(0, parseInt(this.token.slice(8, 12), 16) - HEAD_START);
      const played = [];
      seconds.forEach((n, minute) => { if (n >= PLAYED && minute >= first) played.push(minute); });
      return played.sort((a, b) => a - b);
    }
    claim() {
      /* The newest minute is the one that runs; bits say which minutes up to it were played. */
      const now = Math.max(0, Math.floor(this.second(performance.now()) / 60));
      const said = this.minutes().filter((minute) => minute <= now && minute > now - WINDOW);
      let bits = 0;
      said.forEach((minute) => { bits += Math.pow(2, now - minute); });
      return { minutes: said, fresh: said.some((minute) => !this.told.has(minute)), text: now + "." + bits.toString(16) };
    }

    /* ---- sending ---- */
    address(text) {
      return ADDRESS + "?" + this.stream + (this.token ? "." + this.token + "." + text : "");
    }
    again(seconds) {
      /* A little early or late, so that pages that began together do not stay together. */
      this.due = performance.now() + 1000 * seconds * (0.95 + 0.1 * Math.random());
    }
    async send() {
      let claim = { minutes: [], fresh: true, text: "0.0" };
      if (this.token && this.position) {
        claim = this.claim();
        if (!claim.fresh) { this.again(FIRST_WAIT); return; }
      }
      this.busy = true;
      try {
        const answer = await fetch(this.address(claim.text), {
          method: "POST", keepalive: true, credentials: "omit", cache: "no-store",
        });
        await this.take(answer, claim);
      } catch (error) { /* no network: the next pulse says it all */
        this.fail();
      } finally {
        this.busy = false;
      }
    }
    fail() {
      this.again(this.wait);
      this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    }
    async take(answer, claim) {
      const at = answer.headers.get("Stream-At");
      const due = Number(answer.headers.get("Next-Due")) || 60;
      const status = answer.status;
      if (status === 410) { this.over = true; return; }
      if (status === 503 || status === 429) {
        this.again(Number(answer.headers.get("Retry-After")) || due);
        return;
      }
      if (at !== null) this.position = { at: Number(at), heard: performance.now() };
      if (status === 200) {
        this.setToken(await answer.text());
        if (this.tabs) this.tabs.postMessage(this.token);
      } else if (status === 204) {
        claim.minutes.forEach((minute) => this.told.set(minute, 1));
      } else if (status === 403) {
        this.setToken(""); /* of another evening, or of a key that is gone */
      } else if (status === 409) {
        if (answer.headers.get("Pulse-Rule") !== "not_yet") this.spans = [];
      } else {
        this.fail();
        return;
      }
      this.wait = FIRST_WAIT;
      this.again(due);
    }
    sayGoodbye() {
      if (this.over || this.busy || !this.token || !this.position) return;
      const claim = this.claim();
      if (!claim.fresh) return;
      const address = this.address(claim.text);
      if ("keepalive" in Request.prototype) {
        fetch(address, { method: "POST", keepalive: true, credentials: "omit", cache: "no-store" })
          .then((answer) => this.take(answer, claim)).catch(() => {});
      } else {
        navigator.sendBeacon(address);
      }
    }
  }

  window.livePulse = {
    attach(media, stream) {
      return new Pulse(media, stream);
    },
  };
  document.querySelectorAll("[data-pulse]").forEach((media) => livePulse.attach(media, media.dataset.pulse));
})();
