/**
 * What JavaScript adds to pages that do without it. What works only here is `hidden` in the page,
 * and shown once it works. Every word comes from the page, in its language.
 */

const { lang } = document.documentElement;
const number = new Intl.NumberFormat(lang);

offerToCopy();
offerToShare();
countCharacters();
showSimilar();
leaveQuickly();
followCount();
followExport();
showOthers();

/** A button that copies a field, or selects it where the browser does not let us copy. */
function offerToCopy() {
  for (const button of document.querySelectorAll('[data-copy]')) {
    const field = document.getElementById(button.dataset.copy);
    const status = document.getElementById(button.dataset.status);
    button.addEventListener('click', async () => {
      const copied = await copy(field.value);
      if (!copied) field.select();
      status.textContent = copied ? button.dataset.copied : button.dataset.selected;
    });
    button.hidden = false;
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A button that opens the device's own way of sharing, where it has one. */
function offerToShare() {
  if (!navigator.share) return;
  for (const button of document.querySelectorAll('[data-share]')) {
    button.addEventListener('click', () => {
      navigator.share({ url: button.dataset.share }).catch(() => undefined); // called off
    });
    button.hidden = false;
  }
}

/** How much more may be written: shown at every letter, and said in a pause. */
function countCharacters() {
  const rules = new Intl.PluralRules(lang);
  for (const place of document.querySelectorAll('[data-left-of]')) {
    const field = document.getElementById(place.dataset.leftOf);
    const forms = JSON.parse(place.dataset.forms);
    const [shown, said] = place.children;
    const show = () => {
      const left = field.maxLength - field.value.length;
      shown.textContent = filled(forms[rules.select(left)], number.format(left));
    };
    let pause;
    field.addEventListener('input', () => {
      show();
      clearTimeout(pause);
      pause = setTimeout(() => {
        said.textContent = shown.textContent;
      }, 1000);
    });
    addEventListener('pageshow', show); // by then the browser has filled in what was typed before
    show();
    place.hidden = false;
  }
}

/** Petitions that are like the one whose title is typed, in a pause of it. */
function showSimilar() {
  const place = document.querySelector('[data-similar]');
  if (place === null) return;
  const field = document.getElementById(place.dataset.similarTo);
  let pause;
  field.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(async () => {
      const title = field.value;
      const address = `${place.dataset.similar}?${new URLSearchParams({ title })}`;
      const answer = await fetch(address, { redirect: 'error' }).catch(() => null);
      if (!answer?.ok) return;
      const list = await answer.text();
      if (field.value === title) place.innerHTML = list;
    }, 500);
  });
}

/** Puts a value into the one `{{place}}` of a text. */
function filled(text, value) {
  return text.replace(/\{\{.*?\}\}/, value);
}

/**
 * The link in the header, or Escape three times, hides the page at once and puts another one in its
 * place, to which Back does not return. One Escape may have been meant for something else.
 */
function leaveQuickly() {
  const link = document.querySelector('.leave');
  if (link === null) return;
  const leave = () => {
    document.documentElement.hidden = true;
    document.title = link.hostname;
    location.replace(link.href);
  };
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // a new tab
    event.preventDefault();
    leave();
  });
  let presses = [];
  addEventListener('keydown', (event) => {
    if (event.repeat) return;
    if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) {
      presses = [];
      return;
    }
    presses = [...presses, event.timeStamp].filter((press) => press > event.timeStamp - 2000);
    if (presses.length === 3) leave();
  });
  link.querySelector('[hidden]').hidden = false;
}

/**
 * Moves the count while the page is seen. A hidden one closes its stream, for a browser has only
 * six connections to a site.
 */
function followCount() {
  const place = document.querySelector('[data-stream]');
  if (place === null || navigator.connection?.saveData) return;
  const goal = place.querySelector('[data-bar]').max;
  let stream = null;
  const follow = () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else if (stream === null) {
      stream = new EventSource(place.dataset.stream);
      stream.addEventListener('message', ({ data }) => showCount(Number(data), goal));
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}

function showCount(count, goal) {
  for (const place of document.querySelectorAll('[data-count]')) {
    const text = number.format(count);
    if (place.textContent === text) continue;
    place.textContent = text;
    if (matchMedia('(prefers-reduced-motion: no-preference)').matches) {
      place.animate([{ backgroundColor: 'var(--glow)' }, {}], 1500);
    }
  }
  for (const bar of document.querySelectorAll('[data-bar]')) {
    bar.value = Math.min(count, bar.max);
  }
  for (const percent of document.querySelectorAll('[data-percent]')) {
    percent.textContent = filled(percent.dataset.percent, percentOf(count, goal));
  }
}

/** Rounded down: 100 % is said when it has been reached. */
function percentOf(count, goal) {
  const format = new Intl.NumberFormat(lang, { style: 'percent', roundingMode: 'floor' });
  return format.format(count / goal);
}

/** Shows how far the file of an export is, from the moment at which it is fetched to its end. */
function followExport() {
  const place = document.querySelector('[data-export]');
  if (place === null) return;
  let looks = 0;
  const look = async () => {
    const answer = await fetch(location.href, { redirect: 'error' }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const now = page.querySelector('[data-export]');
    if (now.dataset.export !== place.dataset.export || now.dataset.export === 'running') {
      place.replaceChildren(...now.childNodes);
      place.dataset.export = now.dataset.export;
    }
    looks += 1;
    if (now.dataset.export === 'running' || looks < 5) setTimeout(look, 1000);
  };
  place.addEventListener('click', ({ target }) => {
    if (!target.closest('.button')) return;
    looks = 0;
    setTimeout(look, 500);
  });
  if (place.dataset.export === 'running') setTimeout(look, 1000);
}

/**
 * Who else looks at what is shown, told anew while the page is seen. After half an hour nobody seems
 * to look any more.
 */
function showOthers() {
  const place = document.querySelector('[data-others]');
  if (place === null) return;
  const end = Date.now() + 30 * 60_000;
  let shown = place.innerHTML.trim();
  const look = async () => {
    if (document.hidden || Date.now() > end) return;
    const answer = await fetch(place.dataset.others, { redirect: 'error' }).catch(() => null);
    if (!answer?.ok) return;
    const list = (await answer.text()).trim();
    if (list !== shown) place.innerHTML = list;
    shown = list;
  };
  setInterval(look, 20_000);
  document.addEventListener('visibilitychange', look);
}
