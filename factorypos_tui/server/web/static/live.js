// Shows what is new on a live page: whatever the stream named by <body data-events> tells, the page is asked for
// again, and each part with an id and data-live is put in the place of the old one.
//
// A browser opens few connections to a site. So a page that nobody sees has no stream, and the windows that name
// the same one share it.
"use strict";

const address = new URL(document.body.dataset.events, location.href).href;
const windows = new BroadcastChannel(address);
const AGAIN_MS = 30000; // before a stream that was refused is asked for again

let stream = null;
let letGo = null; // gives the stream up to another window
let shows = false;
let isNews = false;

const show = async () => {
  isNews = true;
  if (shows || document.hidden) return;
  shows = true;
  try {
    while (isNews) {
      isNews = false;
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (answer.redirected) location.reload(); // to the log-in
      if (answer.ok) replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    isNews = true; // there is no connection: the stream will find one
  } finally {
    shows = false;
  }
};

const replace = (fresh) => {
  const focused = document.activeElement?.id;
  for (const old of document.querySelectorAll("[data-live]")) {
    const part = fresh.getElementById(old.id);
    if (part && part.outerHTML !== old.outerHTML) old.replaceWith(document.adoptNode(part));
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
};

const open = () => {
  stream = new EventSource(address);
  stream.addEventListener("open", tell); // what came before is told by nobody
  stream.addEventListener("figures", tell);
  stream.addEventListener("error", () => {
    if (stream?.readyState !== EventSource.CLOSED) return; // it tries again by itself
    stream = null;
    setTimeout(() => letGo && !stream && open(), AGAIN_MS);
  });
};

const tell = () => {
  windows.postMessage("figures");
  show();
};

const close = () => {
  stream?.close();
  stream = null;
  letGo?.();
  letGo = null;
};

const follow = () => {
  if (document.hidden) return close();
  if (isNews) show();
  if (!navigator.locks) { // an old browser
    letGo = () => {};
    return stream ?? open();
  }
  navigator.locks.request(address, () => {
    if (document.hidden || letGo) return undefined;
    open();
    return new Promise((done) => { letGo = done; });
  });
  return undefined;
};

windows.addEventListener("message", show);
document.addEventListener("visibilitychange", follow);
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => event.persisted && follow());
follow();
