// Sends a file of a `form[data-upload]` in parts, and goes on where it was: after a broken line by itself, after the page
// was closed once the same file is chosen again. Each part says the CRC-32 of the file up to its end, so that what is
// there already is known to be of this file. Into a bucket it goes in one request, by a form that the bucket takes.
"use strict";
(() => {
  const TABLE = Uint32Array.from({ length: 256 }, (_, one) => {
    for (let bit = 0; bit < 8; bit += 1) one = one & 1 ? (one >>> 1) ^ 0xedb88320 : one >>> 1;
    return one;
  });
  const WAITS = [1, 3, 5, 10, 20, 30];
  const PATIENCE = 60;
  const LOOKED_AT = 4194304;
  const PRINTED = 1048576;

  // Said to the person, and the end of this attempt. `again`: it can go on later.
  class Stopped extends Error {
    constructor(said, again = false, status = 0) {
      super(said);
      this.again = again;
      this.status = status;
    }
  }
  // It may work later: after so many seconds, if the other side says. `said` is its sentence.
  class Broken extends Error {
    constructor(said = "", after = 0) {
      super(said);
      this.after = after;
    }
  }
  class Cancelled extends Error {}

  const crc32 = (bytes, before) => {
    let crc = ~before;
    for (let at = 0; at < bytes.length; at += 1) crc = TABLE[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
    return ~crc >>> 0;
  };
  const PASSING = (status) => (status >= 500 && status !== 507) || status === 408;
  const MOST_ASKED = 3600;
  const seconds = (header) => Math.min(MOST_ASKED, Math.max(0, Number(header) || 0));
  const sentence = (said) => (typeof said?.said === "string" ? said.said : "");
  const amount = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);
  const span = (seconds) => (seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`);

  class Sending {
    constructor(form) {
      this.form = form;
      this.file = null;
      this.state = null;
      this.request = null;
      this.wake = null;
      this.cancelled = false;
      const find = (name) => form.querySelector(`[data-${name}]`);
      this.bar = find("bar");
      this.progress = this.bar.querySelector("progress");
      this.numbers = find("numbers");
      this.told = find("told");
      this.again = find("again");
      this.cancel = find("cancel");
      this.input = form.querySelector("input[type=file]");
      this.send = find("send");
      this.input.addEventListener("change", () => this.look());
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.start();
      });
      this.again.addEventListener("click", () => this.start());
      this.cancel.addEventListener("click", () => this.stop());
      window.addEventListener("online", () => this.wake?.());
    }

    look() {
      const file = this.input.files[0];
      const { most, mostSaid } = this.form.dataset;
      const said = !file ? "" : !file.size ? "This file is empty." : file.size > Number(most) ? `This file has ${amount(file.size)}. It may have ${mostSaid}.` : "";
      this.input.setCustomValidity(said);
      this.input.reportValidity();
    }

    async start() {
      this.file = this.input.files[0];
      this.cancelled = false;
      this.state = null;
      this.busy(true);
      try {
        await this.whole();
      } catch (error) {
        if (error instanceof Cancelled) this.say(...(await this.discarded()));
        else if (error instanceof Stopped) this.say(error.message, true);
        else this.say("This file cannot be read any more: it was changed, moved or deleted. Choose it again.", true);
        this.busy(false, error.again);
      }
    }

    busy(is, again = false) {
      this.input.disabled = this.send.disabled = is;
      this.bar.hidden = !is && !again;
      this.again.hidden = is || !again;
      if (again) this.again.focus();
      else if (is) this.cancel.focus();
      else this.input.focus();
    }

    say(words, bad = false) {
      this.told.textContent = words;
      this.told.toggleAttribute("data-bad", bad);
    }

    async stop() {
      this.cancelled = true;
      this.request?.abort();
      this.wake?.();
      if (!this.again.hidden) {
        this.say(...(await this.discarded()));
        this.busy(false);
      }
    }

    // What has become of it, and whether that is bad. Without a state its beginning was not answered: it may be there.
    async discarded() {
      const { cancel } = this.state || {};
      const answer = cancel && (await fetch(cancel, { method: "POST", headers: this.headers() }).catch(() => null));
      const said = answer?.ok && (await answer.json().catch(() => null));
      if (said?.state === "done") return ["It was whole before it could be cancelled, and is kept. Open this page anew.", true];
      if (said) return ["Cancelled. Nothing of it is kept."];
      return ["Cancelled, but it could not be discarded yet. Open this page anew: what is there of it can be discarded there.", true];
    }

    async whole() {
      this.say("Beginning.");
      if (!(await this.goesOn())) {
        this.say("Another file of this name was begun: this one begins anew.");
        await this.begin(true);
      } else if (this.state.received) this.say(`${amount(this.state.received)} of it are here already: going on.`);
      this.since = { time: Date.now(), bytes: this.state.received };
      await (this.state.form ? this.direct() : this.parts());
      await this.judged();
    }

    // Whether what is there, if anything is, is of this file.
    async goesOn() {
      try {
        await this.begin(false);
      } catch (error) {
        if (error.status === 422) return false;
        throw error;
      }
      return this.matches();
    }

    async begin(anew) {
      const asked = { ticket: this.form.elements.ticket.value, name: this.file.name, size: this.file.size, fingerprint: await this.fingerprint() };
      if (anew) asked.anew = "on";
      this.state = await this.patiently(() => this.ask(this.form.dataset.upload, { method: "POST", body: new URLSearchParams(asked) }));
      this.crc = this.tries = 0;
    }

    // Whether what is there is the beginning of this file; `crc` is of it then.
    async matches() {
      const { received } = this.state;
      let crc = 0;
      for (let at = 0; at < received; at += LOOKED_AT) {
        if (this.cancelled) throw new Cancelled();
        crc = crc32(await this.bytes(at, Math.min(received, at + LOOKED_AT)), crc);
        if (received > LOOKED_AT) this.numbers.textContent = `Comparing it with what is here: ${Math.floor((at * 100) / received)} %`;
      }
      this.crc = crc;
      return crc === this.state.crc;
    }

    // As `uploads/fingerprints.py` reckons it: of its first and its last bytes.
    async fingerprint() {
      const { size } = this.file;
      const sums = [crc32(await this.bytes(0, PRINTED), 0), crc32(await this.bytes(Math.max(0, size - PRINTED), size), 0)];
      return sums.map((one) => one.toString(16).padStart(8, "0")).join("");
    }

    async bytes(from, to) {
      return new Uint8Array(await this.file.slice(from, to).arrayBuffer());
    }

    async parts() {
      let damaged = 0;
      while (this.state.state === "open") {
        const { received, part } = this.state;
        const bytes = await this.bytes(received, received + part);
        const crc = crc32(bytes, this.crc);
        const headers = { ...this.headers(), "Content-Type": "application/octet-stream", "Upload-Offset": received, "Upload-Crc": crc };
        let answer;
        try {
          answer = await this.post(this.state.send_to, bytes, headers, received);
        } catch (error) {
          if (!(error instanceof Broken)) throw error;
          await this.pause(error);
          answer = { status: 409 };
        }
        if (answer.status === 200) {
          this.state = answer.said;
          this.crc = crc;
          damaged = this.tries = 0;
        } else if (answer.status === 409 || (answer.status === 422 && damaged < 3)) {
          damaged += answer.status === 422 ? 1 : 0;
          await this.refresh(crc, received + bytes.length);
        } else throw new Stopped(answer.said?.said || "It was not taken.", answer.status === 507 || answer.status === 422);
      }
    }

    // How it is now. What another tab, or a part whose answer was lost, has brought meanwhile counts if it is of this file.
    async refresh(crc, upTo) {
      const before = this.state.received;
      this.state = await this.patiently(() => this.ask(this.state.at));
      if (this.state.received === upTo && this.state.crc === crc) this.crc = crc;
      else if (this.state.received !== before || this.state.crc !== this.crc) {
        if (!(await this.matches())) throw new Stopped("Another file of this name is being sent from another page.");
      }
    }

    async direct() {
      while (this.state.state === "open") {
        const { form, sent } = this.state;
        const body = new FormData();
        for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
        body.append("file", this.file);
        try {
          const answer = await this.post(form.url, body, {}, 0);
          if (answer.status >= 300) throw new Stopped("The storage did not take it. Choose it again.", true);
          this.state = await this.patiently(() => this.ask(sent, { method: "POST" }));
        } catch (error) {
          if (!(error instanceof Broken)) throw error;
          await this.pause(error);
          this.state = await this.patiently(() => this.ask(this.state.at));
        }
      }
    }

    async judged() {
      this.progress.value = 100;
      this.numbers.textContent = "100 %";
      this.say("All of it is here, and is being looked at.");
      this.cancel.hidden = true;
      try {
        while (this.state.state === "whole" && !this.state.said) {
          await this.wait(1);
          this.state = await this.patiently(() => this.ask(this.state.at));
          this.tries = 0;
        }
      } finally {
        this.cancel.hidden = false;
      }
      if (this.state.state === "done") return window.location.reload();
      if (this.state.state === "cancelled") throw new Stopped("It was discarded from another page.");
      throw new Stopped(this.state.said);
    }

    // Asked again while the line is broken, or the shop is away.
    async patiently(ask) {
      for (;;) {
        try {
          return await ask();
        } catch (error) {
          if (!(error instanceof Broken)) throw error;
          await this.pause(error);
        }
      }
    }

    async pause({ message, after }) {
      if (this.cancelled) throw new Cancelled();
      const tries = this.tries || 0;
      this.tries = tries + 1;
      if (tries >= PATIENCE) throw new Stopped(message || "The shop cannot be reached. What has arrived is kept.", true);
      const waits = after || WAITS[Math.min(tries, WAITS.length - 1)];
      this.say(message ? `${message} Going on in ${span(waits)}.` : `The line broke, going on in ${waits} s.`);
      await this.wait(waits);
      this.say("Going on.");
    }

    async wait(seconds) {
      await new Promise((go) => {
        this.wake = go;
        setTimeout(go, seconds * 1000);
      });
      this.wake = null;
      if (this.cancelled) throw new Cancelled();
    }

    headers() {
      return { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value };
    }

    async ask(address, how = {}) {
      let answer;
      let said;
      try {
        answer = await fetch(address, { ...how, headers: this.headers() });
        said = await answer.json();
      } catch {
        if (this.cancelled) throw new Cancelled();
        if (answer?.status === 403) throw new Stopped("You are not signed in any more. Open this page anew: what has arrived is kept.");
        if (answer?.status === 404) throw new Stopped("This upload is not there any more. Choose the file again.");
        throw answer ? this.later(answer.status, null, answer.headers.get("Retry-After")) : new Broken();
      }
      // Kept also where it was cancelled meanwhile: by it what was begun is discarded.
      if (answer.ok) this.state = said;
      if (this.cancelled) throw new Cancelled();
      if (answer.ok) return said;
      const after = answer.headers.get("Retry-After");
      if (PASSING(answer.status) || (answer.status === 429 && after)) throw this.later(answer.status, said, after);
      throw new Stopped(said.said, answer.status === 507 || answer.status === 429, answer.status);
    }

    // Somebody has answered, and not what was asked: the line is well.
    later(status, said, after) {
      const words = status === 429 ? "Too much was asked of the shop." : status >= 500 ? "The shop cannot take it at the moment." : "";
      return new Broken(sentence(said) || words, seconds(after));
    }

    post(address, body, headers, before) {
      return new Promise((done, fail) => {
        const request = new XMLHttpRequest();
        this.request = request;
        request.open("POST", address);
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.upload.addEventListener("progress", (event) => this.show(Math.min(this.file.size, before + event.loaded)));
        request.addEventListener("load", () => {
          const { status } = request;
          let said = null;
          try {
            said = JSON.parse(request.responseText);
          } catch {
            if (status === 403) said = { said: "You are not signed in any more. Open this page anew: what has arrived is kept." };
          }
          if (PASSING(status) || status === 429) return fail(this.later(status, said, this.asked(request)));
          return status === 200 && said === null && address === this.state.send_to ? fail(new Broken()) : done({ status, said });
        });
        for (const name of ["error", "timeout"]) request.addEventListener(name, () => fail(new Broken()));
        request.addEventListener("abort", () => fail(this.cancelled ? new Cancelled() : new Broken()));
        request.send(body);
      });
    }

    // Another origin's headers are its own.
    asked(request) {
      return new URL(request.responseURL || "/", window.location).origin === window.location.origin ? request.getResponseHeader("Retry-After") : 0;
    }

    show(bytes) {
      const { size } = this.file;
      const percent = Math.min(99, Math.floor((bytes * 100) / size));
      this.progress.value = percent;
      const seconds = (Date.now() - this.since.time) / 1000;
      const rate = seconds > 1 ? Math.max(0, bytes - this.since.bytes) / seconds : 0;
      const left = rate ? `, ${amount(rate)}/s, about ${span((size - bytes) / rate)} left` : "";
      this.numbers.textContent = `${percent} %, ${amount(bytes)} of ${amount(size)}${left}`;
    }
  }

  for (const form of document.querySelectorAll("form[data-upload]")) new Sending(form);
})();
