// Reads the tables of results that a page carries (see tables.py): no rule is evaluated here.

async function inflated(packed) {
  const bytes = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

const asData = async (packed) => JSON.parse(new TextDecoder().decode(await inflated(packed)));

/** The tables by name. A node's children begin at `first`; an end has its value instead. */
async function unpacked(packed) {
  const [{ names, shapes, bands }, links] = await Promise.all([
    asData(packed.shapes),
    inflated(packed.links).then((bytes) => new Uint8Array(bytes)),
  ]);
  const made = shapes.map(([runs, values]) => {
    const ends = Array.isArray(values) ? values.length : values;
    const size = runs.reduce((sum, [, count]) => sum + count, ends);
    const axes = new Int8Array(size).fill(-1);
    const first = new Int32Array(size);
    let node = ends;
    let link = 0;
    for (const [axis, count] of runs) {
      for (let n = 0; n < count; n += 1) {
        axes[node] = axis;
        first[node] = link;
        link += bands[axis];
        node += 1;
      }
    }
    return { ends, size, axes, first, values, bands, children: new Int32Array(link) };
  });
  const most = Math.max(...bands);
  let byte = 0;
  for (let column = 0; column < most; column += 1) {
    for (const { ends, size, axes, first, children } of made) {
      let before = false;
      for (let node = ends; node < size; node += 1) {
        const here = column < bands[axes[node]];
        if (here) {
          let number = 0;
          let scale = 1;
          while (links[byte] > 127) {
            number += (links[byte] & 127) * scale;
            scale *= 128;
            byte += 1;
          }
          number += links[byte] * scale;
          byte += 1;
          const difference = number % 2 ? -(number + 1) / 2 : number / 2;
          const place = first[node] + column;
          let near = column ? children[place - 1] : 0;
          if (before) near = children[first[node - 1] + column];
          children[place] = near + difference;
        }
        before = here;
      }
    }
  }
  return Object.fromEntries(names.map((name, n) => [name, made[n]]));
}

const child = (table, node, band) => table.children[table.first[node] + band - 1];
const children = (table, node) =>
  table.children.subarray(table.first[node], table.first[node] + table.bands[table.axes[node]]);
const told = (table, node) => (Array.isArray(table.values) ? table.values[node] : node);

/** The value in a cell: of each question the band, 0 where it does not apply. */
function valueIn(table, cell) {
  let node = table.size - 1;
  while (node >= table.ends) {
    const band = cell[table.axes[node]];
    if (!band) return undefined;
    node = child(table, node, band);
  }
  return told(table, node);
}

/** By node, in how many ways to answer what is open it is reached. `held` has the band of every other
 * question, and 0 of the open ones. */
function waysTo(table, held) {
  const ways = new Float64Array(table.size);
  ways[table.size - 1] = 1;
  for (let node = table.size - 1; node >= table.ends; node -= 1) {
    const band = held[table.axes[node]];
    const following = band ? [child(table, node, band)] : children(table, node);
    if (ways[node]) for (const one of following) ways[one] += ways[node];
  }
  return ways;
}

/** In how many of these ways the value is this one, and how many there are. */
function holding(table, ways, value) {
  let holds = 0;
  let of = 0;
  for (let end = 0; end < table.ends; end += 1) {
    of += ways[end];
    if (told(table, end) === value) holds += ways[end];
  }
  return { holds, of };
}
