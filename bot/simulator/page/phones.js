// Shows one chat a phone and keeps it up to date; everything typed or pressed goes to the simulated network.
"use strict";

for (const phone of document.querySelectorAll(".phone")) {
  const who = phone.querySelector(".who"), chat = phone.querySelector(".chat"), text = phone.querySelector(".text");
  let turn = 0;

  const post = (what, body) => fetch(`/phone/${who.value}/${what}`, { method: "POST", body });

  const keyboard = (message) => {
    const keys = document.createElement("div");
    keys.className = "keys";
    for (const row of message.keyboard) {
      const line = keys.appendChild(document.createElement("div"));
      for (const key of row) {
        const button = line.appendChild(document.createElement("button"));
        button.textContent = key.text;
        button.addEventListener("click", () => post("press", JSON.stringify({ message: message.id, data: key.data })));
      }
    }
    return keys;
  };

  const show = (message) => {
    const fresh = document.createElement("li");
    fresh.id = `${who.value}-${message.id}`;
    if (message.mine) fresh.className = "mine";
    if (message.photo) {
      const picture = fresh.appendChild(document.createElement("img"));
      picture.src = message.photo;
      picture.alt = phone.dataset.picture;
    }
    if (message.text) fresh.appendChild(document.createElement("p")).textContent = message.text;
    if (message.keyboard.length) fresh.appendChild(keyboard(message));
    const old = document.getElementById(fresh.id);
    if (old) old.replaceWith(fresh);
    else { chat.appendChild(fresh); chat.scrollTop = chat.scrollHeight; }
  };

  const watch = async () => {
    const mine = ++turn;
    let after = 0;
    chat.replaceChildren();
    while (mine === turn) {
      try {
        const news = await (await fetch(`/phone/${who.value}?after=${after}`)).json();
        if (mine !== turn) return;
        news.messages.forEach(show);
        after = news.after;
        for (const option of who.options) {
          const unread = option.value === who.value ? 0 : (news.waiting[option.value] || 0) - (Number(option.dataset.seen) || 0);
          if (option.value === who.value) option.dataset.seen = news.waiting[option.value] || 0;
          option.textContent = unread > 0 ? `● ${option.dataset.name} (${unread})` : option.dataset.name;
        }
      } catch { await new Promise((wait) => setTimeout(wait, 1000)); }
    }
  };

  who.addEventListener("change", watch);
  phone.querySelector(".say").addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim()) post("say", text.value);
    text.value = "";
  });
  phone.querySelector("input[type=file]").addEventListener("change", (event) => {
    for (const file of event.target.files) post("photo", file);
    event.target.value = "";
  });
  watch();
}
