// Narrows the list of rules to those that hold every word. Without it the list is whole and the browser's own search works.
const form = document.querySelector('form.find');
const count = document.querySelector('#count');
/** A drug finds the rules about its class. */
const members = JSON.parse(document.querySelector('#members').textContent);
const entries = [...document.querySelectorAll('.rules li')].map((item) => ({
  item,
  text: [item.textContent, item.dataset.words, ...item.dataset.sets.split(' ').map((set) => members[set] ?? '')]
    .join(' ')
    .toLowerCase(),
}));
const sections = [...document.querySelectorAll('section[data-kind]')];

function narrow() {
  const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const level = form.elements.level.value;
  const status = form.elements.status.value;
  let found = 0;
  for (const { item, text } of entries) {
    const isFound =
      (!level || item.dataset.levels.split(' ').includes(level)) &&
      (!status || item.dataset.status === status) &&
      words.every((word) => text.includes(word));
    item.hidden = !isFound;
    if (isFound) found += 1;
  }
  for (const section of sections) section.hidden = !section.querySelector('li:not([hidden])');
  count.textContent = `${found} of ${entries.length} rules`;
}

form.hidden = false;
form.addEventListener('input', narrow);
form.addEventListener('submit', (event) => event.preventDefault());
form.elements.words.value = new URLSearchParams(location.search).get('q') ?? '';
narrow();
