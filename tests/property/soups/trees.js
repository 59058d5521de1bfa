// Builds the trees of markup, as the content of a div and as a page, and writes them down line by line.
const SPACES = {'http://www.w3.org/2000/svg': 'svg ', 'http://www.w3.org/1998/Math/MathML': 'math '};
const PREFIXES = {
  'http://www.w3.org/1999/xlink': 'xlink ',
  'http://www.w3.org/XML/1998/namespace': 'xml ',
  'http://www.w3.org/2000/xmlns/': 'xmlns ',
};

function lines(parent, pad, out) {
  for (const node of parent.childNodes) {
    if (node.nodeType === Node.DOCUMENT_TYPE_NODE) {
      const ids = node.publicId || node.systemId ? ` "${node.publicId}" "${node.systemId}"` : '';
      out.push(`${pad}<!DOCTYPE ${node.name}${ids}>`);
    } else if (node.nodeType === Node.COMMENT_NODE) {
      out.push(`${pad}<!-- ${node.data} -->`);
    } else if (node.nodeType === Node.PROCESSING_INSTRUCTION_NODE) {
      out.push(`${pad}<?${node.target} ${node.data}?>`);
    } else if (node.nodeType === Node.TEXT_NODE) {
      out.push(`${pad}"${node.data}"`);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      out.push(`${pad}<${SPACES[node.namespaceURI] || ''}${node.localName}>`);
      const attributes = [...node.attributes].map(
        (each) => [`${PREFIXES[each.namespaceURI] || ''}${each.localName}`, each.value]);
      attributes.sort(([one], [other]) => (one < other ? -1 : 1));
      out.push(...attributes.map(([name, value]) => `${pad}  ${name}="${value}"`));
      if (node.localName === 'template' && node.content) {
        out.push(`${pad}  content`);
        lines(node.content, `${pad}    `, out);
      } else {
        lines(node, `${pad}  `, out);
      }
    }
  }
  return out;
}

async function work() {
  const inert = document.implementation.createHTMLDocument('');
  for (;;) {
    const job = await fetch('/job');
    if (job.status !== 200) continue;
    const trees = (await job.json()).map((markup) => {
      const div = inert.createElement('div');
      div.innerHTML = markup;
      const page = new DOMParser().parseFromString(markup, 'text/html');
      return [lines(div, '', []).join('\n'), lines(page, '', []).join('\n')];
    });
    await fetch('/result', {method: 'POST', body: JSON.stringify(trees)});
  }
}
work();
