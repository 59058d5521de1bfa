// Stands first in every frame: whatever would ask or tell the reader something is told to the page at the top instead.
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = (what) => top.ran(`${name} ${what}`);
// A click on a link that only leads somewhere is not followed; one that runs something is.
addEventListener('click', (event) => {
  const link = event.target.closest && event.target.closest('a[href], area[href]');
  if (link && /^(https?|mailto|tel|ftp):$/.test(link.protocol)) event.preventDefault();
}, true);
addEventListener('submit', (event) => {
  if (/^https?:/.test(event.target.action) && !event.submitter) event.preventDefault();
}, true);
