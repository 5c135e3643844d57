// The parents' page: shows the conversation, sends turns, survives bad networks. The server holds the conversation; this page holds nothing it could lose.
const $ = id => document.getElementById(id)
const words = JSON.parse(document.body.dataset.words)
const limit = { files: +document.body.dataset.files, bytes: document.body.dataset.megabytes * 1048576 }
const DAY = 864e5
const store = {
  get(key) { try { const kept = JSON.parse(localStorage.getItem(key)); return kept && kept.until > Date.now() ? kept.value : null } catch { return null } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify({ value, until: Date.now() + DAY })) } catch { /* private mode: the page still works, it only forgets */ } },
}
// The conversation so far, for a reload: kept by this tab alone, gone with it, and let go as soon as there is a receipt.
const tab = {
  get() { try { return JSON.parse(sessionStorage.getItem('talk')) || {} } catch { return {} } },
  set(talk) { try { sessionStorage.setItem('talk', JSON.stringify(talk)) } catch { /* only a reload forgets */ } },
}
let { from = 0, said = [], over = false } = tab.get()   // the first reply, own words each with the reply they came after, whether a receipt ended it
let last = store.get('last') || 0        // the newest reply seen
let queue = store.get('queue') || []     // turns not yet acknowledged: [{client_id, text|choice|attachment}]
let photos = []                          // chosen and uploaded, not yet sent: [{id, url}]
let sending = false, live = null

const make = (tag, props = {}, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node }
const uuid = () => crypto.randomUUID ? crypto.randomUUID() : ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, c => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16))
// To the end, but never past the beginning of a message taller than the screen: it is read from its top.
const scroll = node => requestAnimationFrame(() => {
  const view = $('scroll'), end = view.scrollHeight - view.clientHeight
  view.scrollTop = node ? Math.min(end, node.offsetTop - view.offsetTop - 8) : end
})

// ---- showing
function mine(turn, label) {
  const node = make('li', { className: 'mine', textContent: label ?? turn.text ?? '' })
  for (const photo of turn.shown || []) node.append(photo.startsWith('blob:') ? make('img', { src: photo, alt: words.photo }) : photo)
  $('said').append(node); scroll(); return node
}
function show(reply) {
  const shown = [...document.querySelectorAll('#said > [data-id]')]
  if (shown.some(one => +one.dataset.id === reply.id)) return
  const node = make('li', { className: reply.kind, textContent: reply.text })
  node.dataset.id = reply.id
  if (reply.card) node.append(card(reply))
  // Two answers may come out of turn: a message stands in its place, and the buttons are those of the newest.
  const newer = shown.find(one => +one.dataset.id > reply.id)
  if (newer) return newer.before(node)
  $('said').append(node)
  $('hint').textContent = reply.hint || ''
  choices(reply.choices)
  last = Math.max(last, reply.id); store.set('last', last); scroll(node)
  if (reply.kind === 'receipt') { from = reply.id; said = []; over = true } else from ||= reply.id
  tab.set({ from, said, over })
}
function recall() {
  for (const { id, after, text } of said) {
    if (queue.some(turn => turn.client_id === id)) continue
    const node = make('li', { className: 'mine', textContent: text }), next = [...$('said').children].find(one => +one.dataset.id > after)
    if (next) next.before(node); else $('said').append(node)
  }
  scroll($('said').lastElementChild)
}
function card({ card, kind }) {
  const rows = make('dl', { className: 'rows' })
  for (const { label, value, edit } of card.lines) {
    const said = make('dd', {}, make('span', { textContent: value })), row = make('div', {}, make('dt', { textContent: label }), said)
    if (edit) said.append(make('button', { type: 'button', textContent: words.edit, ariaLabel: `${words.edit}：${label}`, onclick: () => send({ choice: edit }, `${words.edit}：${label}`) }))
    rows.append(row)
  }
  if (kind !== 'receipt' || !card.code) return rows
  const code = make('div', {}, make('div', { className: 'code', textContent: card.number }), make('div', { className: 'code', textContent: card.code }))
  const tools = make('div', { className: 'tools' })
  if (card.qr) { const picture = new DOMParser().parseFromString(card.qr, 'image/svg+xml').documentElement; picture.setAttribute('role', 'img'); picture.setAttribute('aria-label', words.qr); tools.append(picture) }
  tools.append(make('button', { type: 'button', textContent: words.copy, onclick: event => copy(`${card.number} ${card.code}`, event.target) }))
  return make('div', {}, code, tools, rows)
}
function choices(list) {
  $('choices').replaceChildren(...list.map(({ key, label, quiet, urgent }, index) =>
    make('button', { type: 'button', className: `pick${index || quiet ? '' : ' first'}${quiet ? ' quiet' : ''}${urgent ? ' urgent' : ''}`, textContent: label, onclick: () => send({ choice: key }, label) })))
}
async function copy(text, button) {
  try { await navigator.clipboard.writeText(text) } catch {
    const box = make('textarea', { value: text }); document.body.append(box); box.select(); document.execCommand('copy'); box.remove()
  }
  button.textContent = words.copied
}
function ask(title, text, yes, no) {
  $('ask-title').textContent = title; $('ask-text').textContent = text; $('ask-yes').textContent = yes; $('ask-no').textContent = no
  $('ask').showModal()
  return new Promise(resolve => { $('ask-yes').onclick = () => { $('ask').close(); resolve(true) }; $('ask-no').onclick = $('ask').onclose = () => { $('ask').close(); resolve(false) } })
}

// ---- sending: one turn after another, each with its own id, so that a repeated send is answered once
function send(turn, label) {
  const entry = { client_id: uuid(), ...turn }
  const node = mine(turn, label)
  delete entry.shown
  if (over) { from = 0; said = []; over = false }
  said.push({ id: entry.client_id, after: last, text: label ?? turn.text ?? '' }); tab.set({ from, said, over })
  choices([])
  queue.push(entry); store.set('queue', queue); drain(new Map([[entry.client_id, node]]))
}
const nodes = new Map()
async function drain(fresh = new Map()) {
  fresh.forEach((node, id) => nodes.set(id, node))
  if (sending) return
  sending = true
  try {
    while (queue.length) {
      const turn = queue[0], node = nodes.get(turn.client_id)
      const answer = await fetch('/api/chat', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(turn) })
      const body = await answer.json().catch(() => ({}))
      if (answer.status === 428 && crypto.subtle) { note(body.text); turn.proof = await solve(body.challenge); continue }
      if (answer.status === 429 || answer.status >= 500) throw new Error('later')
      queue.shift(); store.set('queue', queue); node?.classList.remove('waiting')
      if (!answer.ok) { node?.classList.add('refused'); node && (node.dataset.why = body.text || words.refused); continue }
      body.replies.forEach(show)
    }
  } catch {
    queue.forEach(({ client_id }) => nodes.get(client_id)?.classList.add('waiting'))
    setTimeout(() => drain(), 4000)
  } finally { sending = false; if (!live) listen() }
}

// Where new conversations are asked for a small computation: count until the hash begins with enough zero bits.
async function solve(challenge) {
  const spare = 32 - challenge.split('.')[0], step = 500
  for (let from = 0, found; ; from += step) {
    await Promise.all(Array.from({ length: step }, async (_, more) => {
      const proof = `${challenge}.${from + more}`, hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(proof))
      if (!(new DataView(hash).getUint32() >>> spare)) found = proof
    }))
    if (found) return found
  }
}

// ---- photos: made small on the phone, which also leaves the place and the camera behind
async function shrink(file) {
  if (!file.type.startsWith('image/')) return file
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, 2000 / Math.max(picture.width, picture.height))
    const canvas = make('canvas', { width: picture.width * scale, height: picture.height * scale })
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
    return await new Promise(resolve => canvas.toBlob(blob => resolve(blob || file), 'image/jpeg', .85))
  } catch { return file }                // a kind this browser cannot draw (HEIC): the server converts it
}
async function choose(files) {
  for (const file of files) {
    if (photos.length >= limit.files) return note(words.too_many)
    const small = await shrink(file)
    if (small.size > limit.bytes) { note(words.too_large); continue }
    const form = new FormData(); form.append('file', small, small.type === 'image/jpeg' ? 'photo.jpg' : file.name)
    try {
      const answer = await fetch('/api/chat/attachments', { method: 'POST', body: form, headers: { 'x-client-id': uuid() } })
      const body = await answer.json()
      if (!answer.ok) { note(body.text || words.refused); continue }
      photos.push({ id: body.attachment, url: small.type.startsWith('image/') ? URL.createObjectURL(small) : '' , name: file.name }); thumbs()
    } catch { note(words.offline_photo) }
  }
}
function thumbs() {
  $('photos').replaceChildren(...photos.map((photo, index) => make('figure', {},
    photo.url ? make('img', { src: photo.url, alt: `${words.photo} ${index + 1}` }) : make('span', { textContent: photo.name }),
    make('button', { type: 'button', ariaLabel: `${words.take_back} ${index + 1}`, onclick: () => { photos.splice(index, 1); thumbs() } }, make('span', { textContent: '×', ariaHidden: 'true' })))))
}
function note(text) { $('hint').textContent = text }

// ---- hearing what comes later: a stream where it works, asking now and then where it does not
async function fetchLater(after = last) {
  const answer = await fetch(`/api/chat?after=${after}`)
  if (answer.ok) (await answer.json()).replies.forEach(show)
}
function listen() {
  if (!window.EventSource) { live = setInterval(() => document.hidden || fetchLater().catch(() => {}), 15000); return }
  live = new EventSource(`/api/chat/stream?after=${last}`)
  live.onmessage = event => show(JSON.parse(event.data))
  live.onerror = () => { if (live.readyState === 2) { live.close?.(); live = null; setTimeout(() => live || listen(), 8000) } }
}

// ---- the person's own switches
function large(on) { document.documentElement.dataset.size = on ? 'large' : ''; $('large').ariaPressed = on; try { localStorage.setItem('size', on ? 'large' : '') } catch { /* not kept */ } scroll() }
async function forget() {
  live?.close?.(); live = null; queue = []; photos = []; from = 0; said = []
  // At once, and only then the server: whoever leaves quickly does not wait for it.
  try { localStorage.clear(); sessionStorage.clear() } catch { /* nothing was kept */ }
  await fetch('/api/chat', { method: 'DELETE', keepalive: true }).catch(() => {})
}
$('large').onclick = () => large($('large').ariaPressed !== 'true')
$('clear').onclick = async () => { if (await ask(words.clear_title, words.clear_text, words.clear_yes, words.no)) { await forget(); location.replace('/') } }
$('leave').onclick = () => { forget(); location.replace(document.body.dataset.leave) }
$('file').onchange = event => { choose([...event.target.files]); event.target.value = '' }
$('text').oninput = event => { event.target.style.height = 'auto'; event.target.style.height = event.target.scrollHeight + 'px' }
$('text').onkeydown = event => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && matchMedia('(pointer: fine)').matches) { event.preventDefault(); $('composer').requestSubmit() } }
$('composer').onsubmit = event => {
  event.preventDefault()
  const text = $('text').value.trim()
  if (!text && !photos.length) return
  const turn = { text }
  if (photos.length) { turn.attachment = photos.map(({ id }) => id); turn.shown = photos.map(({ url, name }) => url || name) }
  $('text').value = ''; $('text').style.height = 'auto'; photos = []; thumbs(); send(turn)
}
addEventListener('online', () => drain())
for (const name of ['visibilitychange', 'pageshow']) addEventListener(name, () => document.hidden || fetchLater().catch(() => {}))

// ---- start: go on where the server says we are, or begin
try { large(localStorage.getItem('size') === 'large') } catch { /* default size */ }
const source = new URLSearchParams(location.search).get('from') || ''
const [, number, code] = location.hash.match(/^#(.+):(.+)$/) || []
if (location.hash) history.replaceState(null, '', '/')
queue.forEach(turn => nodes.set(turn.client_id, mine(turn, turn.text || words.unsent)))
if (number) send({ text: `${decodeURIComponent(number)} ${code}` })
else if (queue.length) drain()
else if (last) fetchLater((from || last) - 1).then(recall).then(() => $('said').children.length || send({ start: source || 'page' }, words.hello)).catch(() => {}).finally(listen)
else send({ start: source || 'page' }, words.hello)
