// A long list in blocks: a block that is full never changes again, so it is never drawn again.

/** @typedef {{id: number, rows: any[]}} Block */
/** @typedef {{blocks: Block[], count: number, next: number}} Rows */

const BLOCK = 100;

/** @returns {Rows} */
export const emptyRows = () => ({ blocks: [], count: 0, next: 0 });

/** The rows with new ones at their end; whole blocks fall away at the other end.
 * @param {Rows} rows @param {any[]} added @param {number} limit @returns {Rows} */
export function appended(rows, added, limit) {
  const blocks = [...rows.blocks];
  let { count, next } = rows;
  for (let from = 0; from < added.length; ) {
    let last = blocks.at(-1);
    if (!last || last.rows.length >= BLOCK) blocks.push((last = { id: next++, rows: [] }));
    const part = added.slice(from, from + BLOCK - last.rows.length);
    blocks[blocks.length - 1] = { id: last.id, rows: [...last.rows, ...part] };
    from += part.length;
    count += part.length;
  }
  while (blocks.length > 1 && count - blocks[0].rows.length >= limit) count -= blocks.shift().rows.length;
  return { blocks, count, next };
}
