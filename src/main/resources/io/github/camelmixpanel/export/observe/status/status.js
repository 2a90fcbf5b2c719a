'use strict';

// Draws status.json, every 15 seconds when nothing happens and every two while an export polls.
// Texts from the server only ever become text nodes.

const look = day => day.trouble ? 'trouble'
  : day.state === 'PLANNED' && day.generation === 0 ? 'planned'
  : day.state === 'PLANNED' || day.state === 'COMMITTED' ? (day.final ? 'final' : 'committed')
  : day.state === 'PARKED' || day.state === 'RETRY_WAIT' ? 'trouble'
  : 'busy';
const marks = { planned: '', busy: '…', committed: '', final: '', trouble: '!' };
const words = {
  planned: 'not exported yet', busy: 'on its way', committed: 'exported, may get late events',
  final: 'exported, final', trouble: 'in trouble'
};
const operations = [
  ['RESUME', 'Try again'],
  ['REEXPORT', 'Export again', 'Its days are queried again, and what is new in them is emitted.'],
  ['DROP', 'Drop', 'What is parked of it is never emitted again, unless its days are exported again.']
];

// the most urgent first: the tab shows the first of all exports
const states = {
  NEEDS_YOU: ['Needs you', 'M24 12v14M24 34v1'],
  STOPPED: ['Stopped', 'M18 18h12v12h-12z'],
  WAITING: ['Waiting', 'M19 16v16M29 16v16'],
  WORKING: ['Working', 'M20 15l12 9-12 9z'],
  STANDBY: ['Standby', 'M24 14v11l7 5'],
  FINISHED: ['Finished', 'M15 25l6 7 12-15']
};
const waits = {
  QUOTA: 'Waiting for the quota', RESERVE: 'Waiting: the rest of the hour is kept for today',
  PAUSE: 'Waiting: Mixpanel pauses the project', RETRY: 'Waiting for the next attempt', NEXT_POLL: 'Waiting for the next poll'
};
const ends = { QUOTA: 'Next free query', RESERVE: 'Goes on', PAUSE: 'Goes on', RETRY: 'Next attempt', NEXT_POLL: 'Due next' };
const colours = { NEEDS_YOU: '#be2626', STOPPED: '#787e86', WAITING: '#a86800', WORKING: '#1a7f4b', STANDBY: '#787e86', FINISHED: '#1662b4' };

const chosen = {};  // the day whose details are shown, by export
const known = {};  // the days as last sent, by export and month
let latest = null;
let held = false;  // a pointer is down: what is under it stays

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter(it => it !== null));
  return made;
}

function svg(attributes, ...shapes) {
  const make = (tag, values) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
    return made;
  };
  const made = make('svg', attributes);
  made.append(...shapes.map(([tag, values]) => make(tag, values)));
  return made;
}

const number = value => value.toLocaleString('en');
const counted = (value, one, many) => `${number(value)} ${value === 1 ? one : many}`;
const days = it => it.from === it.to ? it.from : `${it.from} to ${it.to}`;
const sentence = text => (/^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text) + (/[.!?]$/.test(text) ? '' : '.');
const zoned = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' };

/** With its zone, and with its day unless that is today. */
function clock(iso) {
  const then = new Date(iso);
  return then.toDateString() === new Date().toDateString() ? then.toLocaleTimeString('en-GB', zoned)
    : then.toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', ...zoned });
}

function size(bytes) {
  let unit = 0;
  while (bytes >= 1000 && unit < 4) { bytes /= 1000; unit++; }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${['bytes', 'kB', 'MB', 'GB', 'TB'][unit]}`;
}

function span(seconds) {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.ceil(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.floor(seconds / 86400)} days`;
}

/** When, and how long until then by the clock of the server. */
const until = (it, iso) => `${clock(iso)}, in ${span(Math.max(0, (Date.parse(iso) - Date.parse(it.at)) / 1000))}`;

function describe(day) {
  const parts = [`${day.day}: ${words[look(day)]}`];
  if (day.state !== 'COMMITTED' && look(day) !== 'planned') parts.push(day.state.toLowerCase().replace('_', ' '));
  if (day.from !== day.to) parts.push(`window ${days(day)}`);
  if (day.generation > 0) {
    parts.push(`generation ${day.generation}`);
    if (day.events === undefined) parts.push('events counted for its window only');
    else parts.push(counted(day.events, 'event', 'events'), size(day.bytes));
    if (day.badLines > 0) parts.push(`${counted(day.badLines, 'bad line', 'bad lines')}${day.from === day.to ? '' : ' in the window'}`);
    parts.push(`queried ${clock(day.exportedAt)}`);
  }
  if (day.trouble) parts.push(day.trouble);
  return parts.join(', ');
}

function card(title, ...children) {
  return element('section', { class: 'card' }, element('h3', {}, title), ...children);
}

const headline = verdict => waits[verdict.waitsFor] || states[verdict.state][0];

function verdict(it) {
  const v = it.verdict;
  const end = v.state === 'NEEDS_YOU' ? 'Tried again' : ends[v.waitsFor];
  return element('section', { class: 'verdict', 'data-verdict': v.state, 'aria-label': 'Verdict' },
    svg({ class: 'sign', viewBox: '0 0 48 48', 'aria-hidden': 'true' }, ['circle', { cx: 24, cy: 24, r: 24 }], ['path', { d: states[v.state][1] }]),
    element('div', {},
      element('h2', {}, it.export),
      element('p', { class: 'state', 'data-figure': 'state' }, headline(v)),
      element('p', { class: 'what', title: v.what }, sentence(v.what)),
      v.troubles.length && v.troubles[0].cause !== v.what ? element('p', { class: 'cause' }, sentence(v.troubles[0].cause)) : null,
      v.until && end ? element('p', { class: 'ends' }, `${end} at ${until(it, v.until)}.`) : null,
      v.days.all ? element('progress', { max: v.days.all, value: v.days.exported, 'aria-label': 'Days exported' }) : null,
      element('p', { class: 'facts' },
        ...(v.days.all ? [element('span', { 'data-figure': 'days' }, `${number(v.days.exported)} of ${number(v.days.all)} days exported, ${v.days.percent} %`)] : []),
        ...(v.end ? [element('span', {}, `done about ${clock(v.end)}`)] : []),
        element('span', { class: 'faint' }, `since ${clock(v.since)}`))));
}

/** Without leave to query, nothing is tried again however often that is asked. */
const mayQuery = it => !it.verdict.troubles.some(one => ['CREDENTIALS', 'DISK', 'RATE_LIMIT', 'PAUSE', 'POLL', 'STATE', 'TAKEN_OVER'].includes(one.kind));
const wanted = (it, kind) => it.verdict.state === 'STOPPED' || it.verdict.state === 'STANDBY' ? []
  : kind.startsWith('PARKED') ? ['RESUME', 'DROP']
  : kind === 'ROUTE' || (kind === 'QUERY' || kind === 'RETRY') && mayQuery(it) ? ['RESUME'] : [];

function troubles(it) {
  if (it.verdict.troubles.length === 0) return null;
  return card('Trouble', element('ul', { class: 'troubles' }, ...it.verdict.troubles.map(one =>
    element('li', { 'data-kind': one.kind, 'data-urgent': String(Boolean(one.todo)), 'data-parked': one.kind.startsWith('PARKED') ? one.windows[0].from : null },
      element('strong', {}, sentence(one.cause)),
      element('p', {}, !one.windows.length ? 'Concerns the whole export.'
        : `${['PARKED_EVENTS', 'HELD'].includes(one.kind) ? 'Of' : 'Holds up'} ${one.windows.map(days).join('; ')}.`),
      one.todo && one.todo !== it.verdict.what ? element('p', {}, one.todo) : null,
      element('p', { class: 'faint' }, [
        one.since ? `since ${clock(one.since)}` : '',
        one.attempts ? `attempt ${one.attempt} of ${one.attempts} failed` : one.attempt ? `failed ${one.attempt} times in a row` : '',
        one.next && Date.parse(one.next) > Date.parse(it.at) ? `${one.kind === 'PAUSE' || one.kind === 'RATE_LIMIT' ? 'ends' : 'tried again'} at ${until(it, one.next)}` : ''
      ].filter(Boolean).join('; ')),
      ...one.windows.map(window => act(it, window.from, window.to, one.windows.length > 1, ...wanted(it, one.kind)))))));
}

function quota(it) {
  const q = it.quota;
  const waiting = Date.parse(q.nextStart) > Date.parse(it.at);
  return card('Quota of the hour',
    element('p', { class: 'big' }, waiting ? `Next free query at ${until(it, q.nextStart)}` : 'A query can start now'),
    element('p', { 'data-figure': 'quota' }, `${q.free} of ${q.perHour} queries left`),
    element('meter', { min: 0, max: q.perHour, value: q.free, low: q.perHour / 10, optimum: q.perHour,
      'aria-label': `${q.free} of ${q.perHour} queries left` }),
    element('p', { class: 'faint' }, q.pause ? sentence(q.pause) : q.frees ? `One more at ${clock(q.frees)}.` : 'None is used.'));
}

function progress(it) {
  const c = it.counts;
  return card('Since the route was started',
    element('p', { class: 'big', 'data-figure': 'windows' },
      `${counted(it.due.days, 'day', 'days')} due, ${counted(c.windows, 'window', 'windows')} done`),
    element('p', {}, !it.forecast ? '' : `${counted(it.forecast.queries, 'query', 'queries')} to go, about ${size(it.forecast.bytes)}: judged by ${counted(it.forecast.knownDays, 'day', 'days')}.`),
    element('p', {}, it.lagSeconds ? `Behind now: ${span(it.lagSeconds)}.` : 'Not behind.'),
    element('p', { class: 'faint' },
      `${counted(c.queries, 'query', 'queries')} (${number(c.rateLimited)} answered 429, ${number(c.failedDownloads)} failed otherwise), `
      + `${size(c.bytes)} received, ${it.inFlight} of ${it.maxInFlight} exchanges in flight, spool ${size(it.spoolBytes)} of ${size(it.maxSpoolBytes)}.`));
}

function throughput(it) {
  const minutes = it.eventsByMinute;
  const most = Math.max(0, ...minutes);
  const sum = minutes.reduce((a, b) => a + b, 0);
  const text = `${counted(sum, 'event', 'events')} in the last hour, at most ${number(most)} in a minute`;
  return card('Throughput',
    element('p', { class: 'big', 'data-figure': 'events' }, counted(it.counts.acknowledged, 'event', 'events')),
    element('p', { class: 'faint scale' }, element('span', {}, `${number(most)} a minute`)),
    svg({ viewBox: '0 0 240 64', preserveAspectRatio: 'none', class: 'chart', role: 'img', 'aria-label': text },
      ['line', { x1: 0, x2: 240, y1: .5, y2: .5 }], ['line', { x1: 0, x2: 240, y1: 63.5, y2: 63.5 }],
      ...minutes.map((count, i) => {
        const height = count === 0 ? 0 : Math.max(1, 62 * count / most);
        return ['rect', { x: i * 4, y: 63 - height, width: 3, height }];
      })),
    element('p', { class: 'faint scale' }, element('span', {}, '60 min ago'), element('span', {}, '30 min'), element('span', {}, 'now')),
    element('p', { class: 'faint' },
      `${text}. ${counted(it.counts.duplicates, 'duplicate', 'duplicates')} left out, ${counted(it.counts.badLines, 'bad line', 'bad lines')} set aside.`));
}

function act(it, from, to, named, ...wanted) {
  const offered = operations.filter(([operation]) => wanted.includes(operation) && latest.operations.includes(operation));
  if (offered.length === 0) return null;
  return element('div', { class: 'actions' }, ...offered.map(([operation, label, warning]) =>
    element('button', { type: 'button', 'data-operation': operation,
      'aria-label': `${label}: window ${days({ from, to })}`,
      onclick: () => (!warning || confirm(`${label}, window ${days({ from, to })}? ${warning}`)) && send(it.export, from, to, operation) },
    named ? `${label} ${days({ from, to })}` : label)));
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

function table(title, names, rows) {
  return rows.length === 0 ? null : card(title, element('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': title },
    element('table', {},
      element('thead', {}, element('tr', {}, ...names.map(name => element('th', { scope: 'col' }, name)))),
      element('tbody', {}, ...rows.map(([window, ...cells]) => element('tr', {},
        element('th', { scope: 'row' }, window), ...cells.map(cell => element('td', {}, cell))))))));
}

function working(it) {
  return table('On their way', ['Window', 'State', 'Generation', 'Received', 'Lines done'],
    it.windows.filter(window => !['PLANNED', 'RETRY_WAIT', 'PARKED'].includes(window.state)).map(window => [
      days(window),
      window.state === 'FETCHING' && !window.querying ? 'waits for a query' : window.state.toLowerCase().replace('_', ' '),
      String(window.generation), size(window.bytes),
      window.lines ? `${number(window.acknowledgedLines)} of ${number(window.lines)}` : '']));
}

function history(it) {
  const windows = new Map();
  it.days.filter(day => day.exportedAt).forEach(day => {
    const window = windows.get(day.exportedAt + day.from);
    if (!window) windows.set(day.exportedAt + day.from, { ...day });
    else { window.events += day.events; window.bytes += day.bytes; }  // NaN where one is not known
  });
  return table('Last windows', ['Window', 'Queried', 'Generation', 'Events', 'Received'],
    [...windows.values()].sort((a, b) => b.exportedAt.localeCompare(a.exportedAt)).slice(0, 8).map(window =>
      [days(window), clock(window.exportedAt), String(window.generation),
        window.events >= 0 ? number(window.events) : '', window.bytes >= 0 ? size(window.bytes) : '']));
}

/** Polls that had something to do. */
function runs(it) {
  return table('Last runs', ['Began', 'Took', 'Queries', 'Windows', 'Failed', 'Events', 'Received'],
    it.runs.map(run => [clock(run.begun), run.ended ? span((Date.parse(run.ended) - Date.parse(run.begun)) / 1000) : 'goes on',
      number(run.queries), number(run.windows), number(run.failedWindows), number(run.acknowledged), size(run.bytes)]));
}

const utc = day => new Date(`${day}T00:00:00Z`);
const weekday = day => (utc(day).getUTCDay() + 6) % 7;
const week = day => Math.floor((utc(day).getTime() / 864e5 + 3) / 7);  // they begin on Mondays
const weeksInStrip = 27;

function calendar(it) {
  const most = Math.log1p(Math.max(1, ...it.days.map(day => day.events || 0)));
  const trouble = new Map();
  it.parked.forEach(parked => trouble.set(days(parked), parked.trouble));
  it.windows.filter(w => w.trouble).forEach(w => trouble.set(days(w), w.trouble));
  const strips = [];
  const lastWeek = it.days.length ? week(it.days[it.days.length - 1].day) : 0;
  const current = it.days.find(day => day.day === chosen[it.export]) || it.days[it.days.length - 1];
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
    });
    if (day.generation > 0) cell.style.setProperty('--tint', (0.15 + 0.6 * Math.log1p(day.events || 0) / most).toFixed(2));
    const back = Math.floor((lastWeek - week(day.day)) / weeksInStrip);
    const strip = strips[back] ||= { first: day, weeks: new Map(), cells: [] };
    const column = 2 + week(day.day) - week(strip.first.day);
    strip.last = day;
    strip.cells.push(placed(cell, column, 2 + weekday(day.day)));
    if (strip.first === day || day.day.endsWith('-01')) strip.weeks.set(column, day.day);
  }
  return element('section', { class: 'card calendar' }, element('h3', {}, 'Days'),
    element('ul', { class: 'legend' }, ...Object.keys(words).map(kind =>
      element('li', {}, element('span', { class: 'day', 'data-look': kind, 'data-mark': marks[kind], 'aria-hidden': 'true' }), words[kind]))),
    element('div', { class: 'strips' }, ...strips.reverse().map(strip => {
      const labels = ['Mon', 'Wed', 'Fri', 'Sun'].map((name, i) => placed(element('span', {}, name), 1, 2 + 2 * i));
      const named = [...strip.weeks].filter(([column]) => !strip.weeks.has(column + 1) && !(column > 2 && strip.weeks.has(column + 2)));
      const months = named.map(([column, day], i) => placed(element('span', {}, utc(day).toLocaleDateString('en',
        { month: 'short', ...(i === 0 || day.slice(5, 7) === '01' ? { year: 'numeric' } : {}), timeZone: 'UTC' })), `${column} / span ${Math.min(4, weeksInStrip + 2 - column)}`, 1));
      return element('div', { class: 'strip' }, element('div', { class: 'labels', 'aria-hidden': 'true' }, ...months, ...labels),
        element('div', { class: 'days', role: 'group', 'aria-label': `${strip.first.day} to ${strip.last.day}` }, ...strip.cells));
    })),
    details(it, it.days.find(day => day.day === chosen[it.export])));
}

function placed(made, column, row) {
  made.style.gridColumn = column;
  made.style.gridRow = row;
  return made;
}

function details(it, day) {
  const runs = it.verdict.state !== 'STOPPED' && it.verdict.state !== 'STANDBY';
  return element('div', { class: day ? 'details chosen' : 'details', id: `details-${it.export}` },
    element('p', {}, day ? describe(day) : 'Choose a day to read about its window. Left and right arrow keys move by a day, up and down by a week.'),
    day && day.generation > 0 && runs ? act(it, day.from, day.to, false, 'REEXPORT') : null);
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
  return element('section', { class: 'export', id: `export-${it.export}`, 'data-activity': it.activity, 'data-state': it.verdict.state, 'aria-label': it.export },
    verdict(it), troubles(it), it.days.length ? calendar(it) : null,
    it.quota.perHour ? element('div', { class: 'cards' }, quota(it), throughput(it), progress(it)) : null,
    working(it), history(it), runs(it));
}

/** Which exports there are, when there are several; the tab shows the most urgent verdict. */
function overview(exports) {
  const order = Object.keys(states);
  const [worst] = [...exports].sort((a, b) => order.indexOf(a.verdict.state) - order.indexOf(b.verdict.state));
  document.title = worst ? `${headline(worst.verdict)}: ${worst.export} – Mixpanel exports` : 'Mixpanel exports';
  if (worst) {
    const sign = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" fill="${colours[worst.verdict.state]}"/>`
      + `<path d="${states[worst.verdict.state][1]}" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/></svg>`;
    document.getElementById('icon').href = `data:image/svg+xml,${encodeURIComponent(sign)}`;
  }
  return exports.length < 2 ? null : element('ul', { class: 'others' }, ...exports.map(it => element('li', {},
    element('a', { href: `#export-${it.export}`, 'data-verdict': it.verdict.state }, `${it.export}: ${headline(it.verdict)}`))));
}

function say(text) {
  const line = document.getElementById('connection');
  if (line.textContent !== text) line.textContent = text;
}

/** Draws everything once more, and gives the focus back to what had it. */
function drawAll() {
  if (held) return;
  const focused = document.activeElement;
  const path = focused && focused.closest('.export')
    ? `#${CSS.escape(focused.closest('.export').id)} ` + (focused.dataset.day ? `[data-day="${focused.dataset.day}"]`
      : focused.dataset.operation ? `[data-operation="${focused.dataset.operation}"][aria-label="${CSS.escape(focused.getAttribute('aria-label'))}"]`
      : `.table[aria-label="${CSS.escape(focused.getAttribute('aria-label') || '')}"]`)
    : null;
  document.getElementById('exports').replaceChildren(...[overview(latest.exports), ...latest.exports.map(draw)].filter(Boolean));
  const again = path && document.querySelector(path);
  if (again) again.focus({ preventScroll: true });
}

/** The server leaves out the days of months of which it last sent the same. */
function merge(it) {
  const before = known[it.export] || {};
  const sent = {};
  for (const day of it.days) (sent[day.day.slice(0, 7)] ||= []).push(day);
  known[it.export] = Object.fromEntries(Object.entries(it.months).map(([month, tag]) => [month, { tag, days: sent[month] || before[month].days }]));
  it.days = Object.values(known[it.export]).flatMap(month => month.days);
}

async function refresh() {
  try {
    const tags = Object.entries(known).filter(([, months]) => Object.keys(months).length)
      .map(([name, months]) => `${name}=${[Object.keys(months)[0], ...Object.values(months).map(it => it.tag)].join('.')}`);
    const answer = await fetch('status.json', { cache: 'no-store', headers: { 'X-Mixpanel-Export': ['page', ...tags].join(' ') } });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const next = await answer.json();
    next.exports.forEach(merge);
    latest = next;
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

addEventListener('pointerdown', () => { held = true; });
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { setTimeout(() => { held = false; }); });
live();
