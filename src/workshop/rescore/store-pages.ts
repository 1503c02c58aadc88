import type { Store } from '../../records/store.ts';
import type { TrailRow } from '../../records/trails.ts';

/** Rows read at once; libsql reads on the calling thread. */
const PAGE = 500;

/** The newest calls of a store, page by page. */
export async function* pagesOf(
  store: Pick<Store, 'trails'>,
  { since, limit = Number.POSITIVE_INFINITY }: { readonly since?: number; readonly limit?: number },
): AsyncGenerator<readonly TrailRow[]> {
  let after: TrailRow | undefined;
  for (let left = limit; left > 0; ) {
    const page = await store.trails({
      limit: Math.min(PAGE, left),
      ...(since === undefined ? {} : { since }),
      ...(after === undefined ? {} : { after }),
    });
    yield page;
    left -= page.length;
    after = page.at(-1);
    if (page.length < PAGE || after === undefined) return;
  }
}
