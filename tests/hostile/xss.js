// Shows markup in frames, touches every element, and tells what ran, what navigated and which names were left.
const EVENTS = ('auxclick beforeinput blur change contextmenu copy cut dblclick drag dragend dragenter dragleave ' +
  'dragover dragstart drop error focus focusin focusout input invalid keydown keypress keyup load message mousedown ' +
  'mouseenter mouseleave mousemove mouseout mouseover mouseup mousewheel paste pointerdown pointerenter pointermove ' +
  'pointerout pointerover pointerup reset scroll select submit toggle touchend touchstart transitionend wheel').split(' ');
const SETTLE_MS = 200;
const AT_ONCE = 16;
const ran = {};

// Frames call these; what runs in a frame inside a frame reaches the top as well.
window.ran = (what) => { ran[what] = (ran[what] || 0) + 1; };
window.alert = (what) => window.ran(`alert ${what}`);

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function touch(root) {
  for (const element of root.querySelectorAll('*')) {
    try {
      if (element.localName === 'details') element.open = !element.open;
      if (element.focus) element.focus();
      const own = [...element.attributes].map(({name}) => name).filter((name) => name.startsWith('on'));
      for (const name of [...EVENTS, ...own.map((each) => each.slice(2))]) element.dispatchEvent(new Event(name, {bubbles: false, cancelable: true}));
      if (element.click) element.click(); else element.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
      if (element.requestSubmit) element.requestSubmit();
    } catch (error) { /* an element that refuses to be touched is touched otherwise */ }
  }
}

async function show({path, inserted}) {
  const frame = document.createElement('iframe');
  const loaded = new Promise((done) => { frame.onload = done; });
  frame.src = path;
  document.body.append(frame);
  await Promise.race([loaded, pause(3000)]);
  let names = 0;
  try {
    const page = frame.contentDocument;
    for (const markup of inserted) {
      const [div, again] = [page.createElement('div'), page.createElement('div')];
      page.body.append(div, again);
      div.innerHTML = markup;
      again.innerHTML = div.innerHTML;
    }
    await pause(SETTLE_MS);
    names = page.querySelectorAll('[id], [name], [target], [style], [class]').length;
    touch(page);
  } catch (error) { /* the frame has gone elsewhere: that is told below */ }
  await pause(SETTLE_MS);
  let navigated = true;
  try {
    navigated = frame.contentWindow.location.pathname !== path;
  } catch (error) { /* another origin */ }
  frame.remove();
  return {navigated, names};
}

async function work() {
  for (;;) {
    const job = await fetch('/job');
    if (job.status !== 200) continue;
    const frames = await job.json();
    const shown = [];
    for (let at = 0; at < frames.length; at += AT_ONCE) shown.push(...await Promise.all(frames.slice(at, at + AT_ONCE).map(show)));
    await fetch('/result', {method: 'POST', body: JSON.stringify({ran, shown})});
    for (const what of Object.keys(ran)) delete ran[what];
  }
}
work();
