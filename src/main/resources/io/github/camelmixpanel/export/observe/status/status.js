'use strict';

// Draws status.json, every 15 seconds when nothing happens and every two while an export polls.
// Texts from the server only ever become text nodes.

const look = day => day.trouble ? 'trouble'
  : day.state === 'PLANNED' && day.generation === 0 ? 'planned'
  : day.state === 'PLANNED' || day.state === 'COMMITTED' ? (day.final ? 'final' : 'committed')
  : day.state === 'PARKED' || day.state === 'RETRY_WAIT' ? 'trouble'
  : 'busy';
const marks = { planned: '', busy: '…', committed: '', final: '✓', trouble: '!' };
const words = {
  planned: 'not exported yet', busy: 'on its way', committed: 'exported, may get late events',
  final: 'exported, final', trouble: 'in trouble'
};
const operations = [
  ['RESUME', 'Try again'],
  ['REEXPORT', 'Export again', 'Its days are asked for again, and what is new in them is emitted.'],
  ['DROP', 'Drop', 'What is parked of it is never handed out again, unless its days are exported again.']
];

const chosen = {};  // the day whose details are shown, by export
let latest = null;

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter(it => it !== null));
  return made;
}

const number = value => value.toLocaleString('en');
const clock = iso => new Date(iso).toLocaleTimeString('en-GB');
const days = it => it.from === it.to ? it.from : `${it.from} to ${it.to}`;

function size(bytes) {
  let unit = 0;
  while (bytes >= 1000 && unit < 4) { bytes /= 1000; unit++; }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${['bytes', 'kB', 'MB', 'GB', 'TB'][unit]}`;
}

function span(seconds) {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

function describe(day) {
  const parts = [`${day.day}: ${words[look(day)]}`];
  if (day.state !== 'COMMITTED' && look(day) !== 'planned') parts.push(day.state.toLowerCase().replace('_', ' '));
  if (day.from !== day.to) parts.push(`window ${days(day)}`);
  if (day.generation > 0) {
    parts.push(`generation ${day.generation}`);
    if (day.events === undefined) parts.push('events counted for its window only');
    else parts.push(`${number(day.events)} events`, size(day.bytes));
    if (day.badLines > 0) parts.push(`${number(day.badLines)} bad lines${day.from === day.to ? '' : ' in the window'}`);
    parts.push(`asked for ${new Date(day.exportedAt).toLocaleString('en-GB')}`);
  }
  if (day.trouble) parts.push(day.trouble);
  return parts.join(', ');
}

function card(title, ...children) {
  return element('section', { class: 'card' }, element('h3', {}, title), ...children);
}

function quota(it) {
  const q = it.quota;
  return card('Quota of the hour',
    element('p', { class: 'big', 'data-figure': 'quota' }, `${q.free} of ${q.perHour} queries left`),
    element('meter', { min: 0, max: q.perHour, value: q.free, low: q.perHour / 10, optimum: q.perHour,
      'aria-label': `${q.free} of ${q.perHour} queries left` }),
    element('p', {}, q.frees ? `One more at ${clock(q.frees)}.` : 'None is used.'),
    q.pause ? element('p', {}, `No query before ${clock(q.nextStart)}: ${q.pause}.`)
      : q.free === 0 ? element('p', {}, `The next query can start at ${clock(q.nextStart)}.`) : null);
}

// an arrival query counts as one day
function daysDue(windows) {
  return windows.reduce((sum, w) => sum + (w.kind === 'arrivals' ? 1 : (Date.parse(w.to) - Date.parse(w.from)) / 864e5 + 1), 0);
}

function progress(it) {
  const c = it.counts;
  return card('Progress',
    element('p', { class: 'big', 'data-figure': 'windows' },
      `${number(daysDue(it.windows))} days due, ${number(c.windows)} windows done`),
    element('p', {}, !it.forecast ? '' : `${number(it.forecast.queries)} queries to go, about ${size(it.forecast.bytes)}: judged by ${number(it.forecast.knownDays)} days.`),
    element('p', {}, !it.toGoSeconds ? '' : `About ${span(it.toGoSeconds)} to go: done at ${clock(Date.parse(it.at) + it.toGoSeconds * 1000)}.`),
    element('p', {}, `Behind now: ${span(it.lagSeconds)}.`),
    element('p', { class: 'faint' },
      `${number(c.queries)} queries (${number(c.rateLimited)} answered 429, ${number(c.failedDownloads)} failed otherwise), `
      + `${size(c.bytes)} received, ${it.inFlight} of ${it.maxInFlight} exchanges in flight, since the route was started.`));
}

function throughput(it) {
  const minutes = it.eventsByMinute;
  const most = Math.max(1, ...minutes);
  const sum = minutes.reduce((a, b) => a + b, 0);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const shape = (tag, attributes) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    svg.append(made);
  };
  const text = `${number(sum)} events in the last hour, at most ${number(Math.max(...minutes))} in a minute`;
  svg.setAttribute('viewBox', '0 0 240 64');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', 'chart');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', text);
  shape('line', { x1: 0, x2: 240, y1: 63.5, y2: 63.5 });
  minutes.forEach((count, i) => {
    const height = count === 0 ? 0 : Math.max(1, 62 * count / most);
    shape('rect', { x: i * 4, y: 63 - height, width: 3, height });
  });
  return card('Throughput',
    element('p', { class: 'big', 'data-figure': 'events' }, `${number(it.counts.acknowledged)} events`),
    svg,
    element('p', {}, `${text}.`),
    element('p', { class: 'faint' },
      `${number(it.counts.duplicates)} duplicates left out, ${number(it.counts.badLines)} bad lines set aside.`));
}

function act(it, from, to, ...wanted) {
  const offered = operations.filter(([operation]) => wanted.includes(operation) && latest.operations.includes(operation));
  if (offered.length === 0) return null;
  return element('div', { class: 'actions' }, ...offered.map(([operation, label, warning]) =>
    element('button', { type: 'button', 'data-operation': operation,
      'aria-label': `${label}: window ${days({ from, to })}`,
      onclick: () => (!warning || confirm(`${label}, window ${days({ from, to })}? ${warning}`)) && send(it.export, from, to, operation) }, label)));
}

async function send(name, from, to, operation) {
  try {
    const answer = await fetch('actions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Mixpanel-Export': 'page' },
      body: JSON.stringify({ export: name, from, to, operation })
    });
    say(`${from}: ${(await answer.text()).slice(0, 300)}`);
  } catch (failure) {
    say(`${from}: the server did not answer (${failure.message}). Nothing is known to have been done.`);
  }
  await refresh();
}

function troubles(it) {
  const stuck = it.windows.filter(window => window.trouble);
  const others = it.troubles.filter(text => ![...stuck, ...it.parked].some(other => other.trouble === text));
  if (stuck.length + it.parked.length + others.length === 0) return null;
  return card('Trouble', element('ul', { class: 'troubles' },
    ...others.map(text => element('li', {}, text)),
    ...stuck.map(window => element('li', { 'data-window': window.from },
      element('strong', {}, days(window)), ` ${window.state.toLowerCase().replace('_', ' ')}`,
      window.waitsUntil ? `, tried again at ${clock(window.waitsUntil)}` : '',
      element('p', {}, window.trouble), act(it, window.from, window.to, 'RESUME'))),
    ...it.parked.map(parked => element('li', { 'data-parked': parked.from },
      element('p', {}, parked.trouble), act(it, parked.from, parked.to, 'RESUME', 'DROP')))));
}

function working(it) {
  const busy = it.windows.filter(window => !['PLANNED', 'RETRY_WAIT', 'PARKED'].includes(window.state));
  if (busy.length === 0) return null;
  return card('On their way', element('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': 'Windows on their way' },
    element('table', {},
      element('thead', {}, element('tr', {}, ...['Window', 'State', 'Generation', 'Received', 'Lines done']
        .map(name => element('th', { scope: 'col' }, name)))),
      element('tbody', {}, ...busy.map(window => element('tr', {},
        element('th', { scope: 'row' }, days(window)),
        element('td', {}, window.state === 'FETCHING' && !window.querying ? 'waits for a query' : window.state.toLowerCase().replace('_', ' ')),
        element('td', {}, String(window.generation)),
        element('td', {}, size(window.bytes)),
        element('td', {}, window.lines ? `${number(window.acknowledgedLines)} of ${number(window.lines)}` : '')))))));
}

function calendar(it) {
  const most = Math.log1p(Math.max(1, ...it.days.map(day => day.events || 0)));
  const trouble = new Map();
  it.parked.forEach(parked => trouble.set(days(parked), parked.trouble));
  it.windows.filter(w => w.trouble).forEach(w => trouble.set(days(w), w.trouble));
  const months = new Map();
  let current = it.days.find(day => day.day === chosen[it.export]) || it.days[it.days.length - 1];
  for (const day of it.days) {
    day.trouble = trouble.get(days(day));
    const kind = look(day);
    const text = describe(day);
    const cell = element('button', {
      type: 'button', class: 'day', 'data-day': day.day, 'data-state': day.state, 'data-look': kind,
      'data-mark': marks[kind], title: text, 'aria-label': text,
      'aria-pressed': String(chosen[it.export] === day.day), tabindex: day === current ? 0 : -1,
      onclick: () => choose(it, day), onfocus: () => choose(it, day),
      onkeydown: event => move(event, it, day)
    }, String(Number(day.day.slice(8))));
    cell.style.setProperty('--tint', (0.12 + 0.5 * Math.log1p(day.events || 0) / most).toFixed(2));
    if (!months.has(day.day.slice(0, 7))) {
      months.set(day.day.slice(0, 7), []);
      cell.style.gridColumnStart = (new Date(`${day.day}T00:00:00Z`).getUTCDay() + 6) % 7 + 1;
    }
    months.get(day.day.slice(0, 7)).push(cell);
  }
  return card('Days',
    element('ul', { class: 'legend' }, ...Object.keys(words).map(kind =>
      element('li', {}, element('span', { class: 'day', 'data-look': kind, 'data-mark': marks[kind], 'aria-hidden': 'true' }), words[kind]))),
    element('div', { class: 'months' }, ...[...months].reverse().map(([month, cells]) =>
      element('div', { class: 'month' },
        element('h4', {}, new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' })),
        element('div', { class: 'days', role: 'group', 'aria-label': month }, ...cells)))),
    details(it, it.days.find(day => day.day === chosen[it.export])));
}

function details(it, day) {
  return element('div', { class: 'details', id: `details-${it.export}` },
    element('p', {}, day ? describe(day) : 'Choose a day to read about its window. Arrow keys move.'),
    day && day.generation > 0 ? act(it, day.from, day.to, 'REEXPORT') : null);
}

function choose(it, day) {
  if (chosen[it.export] === day.day) return;
  chosen[it.export] = day.day;
  const section = document.getElementById(`export-${it.export}`);
  section.querySelectorAll('.days .day').forEach(cell => {
    const here = cell.dataset.day === day.day;
    cell.setAttribute('aria-pressed', String(here));
    cell.tabIndex = here ? 0 : -1;
  });
  document.getElementById(`details-${it.export}`).replaceWith(details(it, day));
}

function move(event, it, day) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = it.days[it.days.indexOf(day) + step];
  if (next) document.querySelector(`#export-${CSS.escape(it.export)} [data-day="${next.day}"]`).focus();
}

function draw(it) {
  return element('section', { class: 'export', id: `export-${it.export}`, 'data-activity': it.activity, 'aria-label': it.export },
    element('h2', {}, it.export, ' ', element('small', { class: 'faint' },
      { POLLING: 'at work', IDLE: 'waits for its next poll', STOPPED: `stopped, as of ${clock(it.at)}` }[it.activity])),
    element('div', { class: 'cards' }, progress(it), quota(it), throughput(it)),
    ...[troubles(it), it.days.length ? calendar(it) : null, working(it)].flatMap(part => part
      ? [element('div', { class: 'cards' }, part)] : []));
}

function say(text) {
  const line = document.getElementById('connection');
  if (line.textContent !== text) line.textContent = text;
}

/** Draws anew, and gives the focus back to what had it. */
function drawAll() {
  const focused = document.activeElement;
  const path = focused && focused.closest('.export')
    ? `#${CSS.escape(focused.closest('.export').id)} ` + (focused.dataset.day ? `[data-day="${focused.dataset.day}"]`
      : focused.dataset.operation ? `[data-operation="${focused.dataset.operation}"][aria-label="${CSS.escape(focused.getAttribute('aria-label'))}"]` : '.table')
    : null;
  document.getElementById('exports').replaceChildren(...latest.exports.map(draw));
  const again = path && document.querySelector(path);
  if (again) again.focus({ preventScroll: true });
}

async function refresh() {
  try {
    const answer = await fetch('status.json', { cache: 'no-store' });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    latest = await answer.json();
    drawAll();
    if (document.getElementById('connection').dataset.lost !== 'no') {
      document.getElementById('connection').dataset.lost = 'no';
      say(latest.exports.length ? 'Live.' : 'No export has been started yet.');
    }
  } catch (failure) {
    document.getElementById('connection').dataset.lost = 'yes';
    say(`Not connected (${failure.message}); what is shown may be old.`);
  }
}

async function live() {
  await refresh();
  const busy = latest && latest.exports.some(it => it.activity === 'POLLING');
  setTimeout(live, busy ? 2000 : 15000);
}

live();
