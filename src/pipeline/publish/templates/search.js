/* Search in the published tree. The index is described in publish/segments.py; this reads it
   over HTTP and nothing else. It finds what the store's own search finds, in the same order. */
"use strict";

const FORM = 2;
const GAP = 2; // between title and body
const BLOCK = 128;
const SHOWN = 20;

/* ---- texts, as pipeline.store.folding has them */

class Folding {
  constructor(table) {
    this.simple = new Map();
    const to = Array.from(table.to);
    Array.from(table.from).forEach((one, n) => this.simple.set(one, to[n]));
    this.other = new Map(Object.entries(table.other));
    this.known = new Map();
  }

  one(character) {
    let found = this.known.get(character);
    if (found === undefined) {
      found = this.other.get(character);
      if (found === undefined) {
        found = Array.from(character.normalize("NFKC").toLowerCase(), (x) =>
          /[\p{L}\p{N}]/u.test(x) ? this.simple.get(x) ?? x : " ").join("");
      }
      this.known.set(character, found);
    }
    return found;
  }

  fold(text) {
    return Array.from(text, (x) => this.one(x)).join("").split(/ +/).filter(Boolean).join(" ");
  }

  terms(query) {
    const words = Array.from(query).slice(0, 400).join("").split(/[\s\x1c-\x1f\x85]+/u);
    return [...new Set(words.map((x) => this.fold(x)).filter(Boolean))].slice(0, 16);
  }

  /* The text in pieces, true where one of the words stands. */
  mark(text, words) {
    const letters = Array.from(text);
    const folded = [];
    const places = [];
    letters.forEach((letter, n) => {
      for (const x of this.one(letter)) {
        if (x !== " " || (folded.length && folded[folded.length - 1] !== " ")) {
          folded.push(x);
          places.push(n);
        }
      }
    });
    const hit = new Array(letters.length).fill(false);
    for (const word of words) {
      const wanted = Array.from(word);
      for (let at = 0; at + wanted.length <= folded.length; at++) {
        if (wanted.every((x, n) => folded[at + n] === x)) {
          for (let n = places[at]; n <= places[at + wanted.length - 1]; n++) hit[n] = true;
        }
      }
    }
    const pieces = [];
    letters.forEach((letter, n) => {
      if (n && hit[n] === hit[n - 1]) pieces[pieces.length - 1][0] += letter;
      else pieces.push([letter, hit[n]]);
    });
    return pieces;
  }
}

/* What has to stand where for a term to stand at a place: pairs, or whatever begins so. */
function wanted(term) {
  const found = [];
  let offset = 0;
  const runs = term.split(" ").map((x) => Array.from(x));
  runs.forEach((run, n) => {
    const isLast = n === runs.length - 1;
    for (let at = 0; at + 1 < run.length; at++) {
      found.push({ pair: run[at] + run[at + 1], starts: false, offset: offset + at });
    }
    if (!isLast) found.push({ pair: run[run.length - 1], starts: false, offset: offset + run.length - 1 });
    else if (run.length === 1) found.push({ pair: run[0], starts: true, offset });
    offset += run.length + 1;
  });
  return { parts: found, length: offset - 1 };
}

/* ---- files */

class Bytes {
  constructor(buffer) {
    this.bytes = new Uint8Array(buffer);
    this.at = 0;
  }

  get more() { return this.at < this.bytes.length; }

  number() {
    let found = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      found += (byte & 127) * scale;
      if (byte < 128) return found;
      scale *= 128;
    }
  }

  text(length) {
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }

  sub(length) {
    this.at += length;
    return new Bytes(this.bytes.subarray(this.at - length, this.at));
  }
}

function compare(one, two) {
  const a = Array.from(one, (x) => x.codePointAt(0));
  const b = Array.from(two, (x) => x.codePointAt(0));
  for (let n = 0; n < a.length && n < b.length; n++) if (a[n] !== b[n]) return a[n] - b[n];
  return a.length - b.length;
}

function unpacked(text) {
  const found = new Set();
  Array.from(text).forEach((digit, n) => {
    for (let bit = 0; bit < 4; bit++) if ((parseInt(digit, 16) >> bit) & 1) found.add(n * 4 + bit);
  });
  return found;
}

class Segment {
  constructor(line, read) {
    this.first = line.first;
    this.name = line.name;
    this.passed = unpacked(line.passed);
    this.read = read;
    this.shards = new Map();
    this.blocks = new Map();
  }

  columns() {
    this.loading ??= this.read(`${this.name}/columns.bin`).then((buffer) => {
      const bytes = new Bytes(buffer);
      const head = JSON.parse(bytes.text(bytes.number()));
      this.docs = [];
      let seq = this.first;
      for (let n = 0; n < head.docs; n++) {
        seq += bytes.number();
        const doc = { segment: this, n, isPassed: this.passed.has(seq - this.first) };
        doc.at = head.base + bytes.number();
        doc.micro = bytes.number();
        const day = bytes.number();
        doc.day = day ? day - 1 + head.day : null;
        doc.source = head.sources[bytes.number()];
        doc.kind = head.kinds[bytes.number()];
        doc.titleLength = bytes.number();
        doc.isMeeting = bytes.number() === 1;
        doc.topics = [];
        for (let left = bytes.number(); left > 0; left--) doc.topics.push(head.topics[bytes.number()]);
        doc.id = 0;
        for (let left = 4; left > 0; left--) doc.id = doc.id * 256 + bytes.bytes[bytes.at++];
        this.docs.push(doc);
      }
    });
    return this.loading;
  }

  shard(n) {
    if (!this.shards.has(n)) {
      const name = `${this.name}/${String(n).padStart(4, "0")}.bin`;
      this.shards.set(n, this.read(name));
    }
    return this.shards.get(n);
  }

  /* The first pair of each shard. */
  firsts() {
    this.asked ??= this.read(`${this.name}/starts.json`).then((x) => JSON.parse(new TextDecoder().decode(x)));
    return this.asked;
  }

  /* Numbers of the articles that have a pair, each with its places. */
  async places({ pair, starts }) {
    const firsts = await this.firsts();
    const isIn = (x) => (starts ? x.startsWith(pair) : x === pair);
    let n = firsts.length - 1;
    while (n > 0 && compare(firsts[n], pair) > 0) n--;
    const found = new Map();
    for (; n < firsts.length && (compare(firsts[n], pair) <= 0 || isIn(firsts[n])); n++) {
      const bytes = new Bytes(await this.shard(n));
      while (bytes.more) {
        const key = bytes.text(bytes.number());
        const posting = bytes.sub(bytes.number());
        if (!isIn(key)) continue;
        let doc = 0;
        while (posting.more) {
          doc += posting.number();
          const where = found.get(doc) ?? new Set();
          let at = 0;
          for (let left = posting.number(); left > 0; left--) where.add((at += posting.number()));
          found.set(doc, where);
        }
      }
    }
    return found;
  }

  /* For each article with the term: where its first place ends. */
  async matches(term) {
    const { parts, length } = wanted(term);
    const lists = await Promise.all(parts.map((x) => this.places(x)));
    const order = parts.map((_, n) => n).sort((a, b) => lists[a].size - lists[b].size);
    const found = new Map();
    for (const [doc, where] of lists[order[0]]) {
      if (!order.every((n) => lists[n].has(doc))) continue;
      for (const at of where) {
        const start = at - parts[order[0]].offset;
        if (!order.every((n) => lists[n].get(doc).has(start + parts[n].offset))) continue;
        found.set(doc, Math.min(found.get(doc) ?? Infinity, start + length));
      }
    }
    return found;
  }

  async search(terms, passes) {
    const each = await Promise.all(terms.map((x) => this.matches(x)));
    const numbers = [...each[0].keys()].filter((n) => each.every((x) => x.has(n)));
    if (!numbers.length) return [];
    await this.columns();
    const found = [];
    for (const n of numbers) {
      const doc = this.docs[n];
      if (doc.isPassed || !passes(doc)) continue;
      // places count the title first: a word whose first place ends within it stands there
      found.push({ doc, inTitle: each.filter((x) => x.get(n) <= doc.titleLength).length });
    }
    return found;
  }

  async shown(n) {
    const block = Math.floor(n / BLOCK);
    if (!this.blocks.has(block)) {
      const name = `${this.name}/names-${String(block).padStart(2, "0")}.json`;
      this.blocks.set(block, this.read(name).then((x) => JSON.parse(new TextDecoder().decode(x))));
    }
    const [id, title] = (await this.blocks.get(block))[n % BLOCK];
    return { id, title };
  }
}

class Index {
  /* *read* gives the bytes of a file of the index by its name. */
  static async open(read, isFresh = false) {
    const [index, table] = await Promise.all(
      ["index.json", "fold.json"].map((x) => read(x, isFresh).then((y) => JSON.parse(new TextDecoder().decode(y)))));
    if (index.form !== FORM) throw new Error(`index of form ${index.form}`);
    return new Index(index, table, read);
  }

  constructor(index, table, read) {
    this.folding = new Folding(table);
    this.segments = index.segments.map((x) => new Segment(x, read));
  }

  /* All articles with all words of the query: more of them in the title first, then newer ones. */
  async search(query, passes = () => true) {
    const terms = this.folding.terms(query);
    if (!terms.length) return { terms, hits: [] };
    const all = await Promise.all(this.segments.map((x) => x.search(terms, passes)));
    const hits = all.flat().sort((a, b) =>
      b.inTitle - a.inTitle || b.doc.at - a.doc.at || b.doc.micro - a.doc.micro || b.doc.id - a.doc.id);
    return { terms, hits };
  }
}

/* ---- the page */

const SCRIPT = typeof document === "undefined" ? "" : document.currentScript.src;

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, v);
  return made;
}

function marked(pieces) {
  return pieces.map(([text, isHit]) => (isHit ? element("mark", text) : document.createTextNode(text)));
}

function dayOf(text) {
  return text ? Math.round(Date.parse(`${text}T00:00:00Z`) / 86400000) : null;
}

function filter(form) {
  const value = (name) => form.elements[name].value;
  const place = form.elements.place.selectedOptions[0];
  const sources = place.value ? new Set(place.dataset.sources.split(" ")) : null;
  const [kind, topic, since, until] = [value("kind"), value("topic"), dayOf(value("since")), dayOf(value("until"))];
  return (doc) =>
    (!sources || sources.has(doc.source)) &&
    (!kind || (kind === "-meeting" ? doc.isMeeting : doc.kind === kind)) &&
    (!topic || doc.topics.includes(topic)) &&
    (since === null || (doc.day !== null && doc.day >= since)) &&
    (until === null || (doc.day !== null && doc.day <= until));
}

class Page {
  constructor(form, list, status, more) {
    Object.assign(this, { form, list, status, more });
    this.base = new URL("search/", SCRIPT);
    this.articles = new URL(form.dataset.articles, document.baseURI);
    this.turn = 0;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      history.pushState(null, "", this.address());
      this.run();
    });
    form.addEventListener("change", (event) => { if (event.target.name !== "q") form.requestSubmit(); });
    addEventListener("popstate", () => { this.fill(); this.run(); });
    more.addEventListener("click", () => this.show());
    this.fill();
    this.run();
  }

  async read(name, isFresh = false) {
    const answer = await fetch(new URL(name, this.base), isFresh ? { cache: "no-cache" } : {});
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer.arrayBuffer();
  }

  fill() {
    const asked = new URLSearchParams(location.search);
    for (const name of ["q", "place", "kind", "topic", "since", "until"]) {
      this.form.elements[name].value = asked.get(name) ?? "";
    }
  }

  address() {
    const asked = [...new FormData(this.form)].filter(([, value]) => value);
    return asked.length ? `?${new URLSearchParams(asked)}` : location.pathname;
  }

  say(name, n = "") {
    this.status.textContent = (this.form.dataset[name] ?? "").replace("{n}", n);
  }

  async run() {
    const turn = ++this.turn;
    this.list.replaceChildren();
    this.more.hidden = true;
    const query = this.form.elements.q.value.trim();
    if (!query) return this.say("ask");
    this.say("loading");
    try {
      const found = await this.search(query);
      if (turn !== this.turn) return;
      this.hits = found.hits;
      this.terms = found.terms;
      this.at = 0;
      this.say(found.hits.length ? "found" : "none", found.hits.length);
      await this.show();
    } catch (error) {
      if (turn === this.turn) this.say("failed");
      console.warn(error);
    }
  }

  async search(query) {
    const passes = filter(this.form);
    try {
      this.index ??= await Index.open((...x) => this.read(...x));
      return await this.index.search(query, passes);
    } catch (error) {
      // a publication has gone on meanwhile: what the old list of segments names is gone
      this.index = await Index.open((name) => this.read(name, true));
      return this.index.search(query, passes);
    }
  }

  async show() {
    const turn = this.turn;
    const part = this.hits.slice(this.at, this.at + SHOWN);
    const named = await Promise.all(part.map((x) => x.doc.segment.shown(x.doc.n)));
    if (turn !== this.turn) return;
    part.forEach((hit, n) => this.list.append(this.line(hit.doc, named[n])));
    this.at += part.length;
    this.more.hidden = this.at >= this.hits.length;
  }

  line(doc, { id, title }) {
    const folding = this.index.folding;
    const href = new URL(`${id}/index.html${this.form.dataset.mark}`, this.articles).href;
    const line = element("li");
    const link = element("a", "", this.form.dataset.mark ? { href, lang: "zh-Hans" } : { href });
    link.append(...marked(folding.mark(title, this.terms)));
    const day = doc.day === null ? "" : new Date(doc.day * 86400000).toISOString().slice(0, 10);
    const place = this.form.querySelector(`option[data-sources~="${CSS.escape(doc.source)}"]`);
    const meta = element("p", [place?.textContent, day].filter(Boolean).join(" · "), { class: "meta" });
    const text = element("p", "", { class: "subjects" });
    if (link.lang) text.lang = link.lang;
    line.append(link, meta, text);
    line.dataset.article = id;
    this.snippet(href, line, link, text);
    return line;
  }

  /* A story that several publishers have stands once: as the first one told it, with the others named. */
  join(line, href, page) {
    const copies = [...page.querySelectorAll("dd.copy")].map((x) => {
      const address = new URL(x.querySelector("a").getAttribute("href"), href);
      const id = address.pathname.split("/").at(-2);
      return { id, href: address.href, name: x.querySelector("a").textContent, isFirst: x.classList.contains("first") };
    });
    if (!copies.length) return;
    const also = element("p", `${this.form.dataset.also}：`, { class: "meta" });
    copies.forEach((x) => {
      const link = element("a", x.name, { href: x.href + this.form.dataset.mark, lang: "zh-Hans" });
      also.append(...(also.lastElementChild ? ["、", link] : [link]));
    });
    line.append(also);
    for (const x of copies) {
      const other = this.list.querySelector(`[data-article="${CSS.escape(x.id)}"]`);
      if (!other || !line.isConnected) continue;
      const isBehind = Boolean(line.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING);
      const isLess = x.isFirst || (isBehind && copies.some((y) => y.isFirst));
      const [stays, goes] = isLess ? [other, line] : [line, other];
      if (goes.compareDocumentPosition(stays) & Node.DOCUMENT_POSITION_FOLLOWING) goes.replaceWith(stays);
      else goes.remove();
    }
  }

  /* The surroundings of the first hit, and the title as this edition has it: from the page itself. */
  async snippet(href, line, link, target) {
    const answer = await fetch(href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.join(line, href, page);
    const title = page.querySelector("h1")?.textContent;
    if (title) link.replaceChildren(...marked(this.index.folding.mark(title, this.terms)));
    let best = null;
    for (const paragraph of page.querySelectorAll(".text p")) {
      const pieces = this.index.folding.mark(paragraph.textContent, this.terms);
      const folded = this.index.folding.fold(paragraph.textContent);
      const hits = this.terms.filter((x) => folded.includes(x)).length;
      if (!best || hits > best.hits) best = { hits, pieces };
    }
    if (!best) return;
    const first = best.pieces.findIndex((x) => x[1]);
    const lead = first > 0 ? Array.from(best.pieces[first - 1][0]) : [];
    const before = lead.length > 40
      ? `…${lead.slice(-40).join("").replace(/^[\p{Pe}\p{Pf}\p{Po}\s]+/u, "")}`
      : lead.join("");
    const cut = first > 0 ? [[before, false], ...best.pieces.slice(first)] : best.pieces;
    target.append(...marked(cut));
  }
}

if (typeof document === "undefined") {
  module.exports = { Index, Folding };
} else {
  const find = (id) => document.getElementById(id);
  find("needs-script").remove();
  new Page(find("search"), find("hits"), find("status"), find("more"));
}
