import { Hono } from 'hono';
import type { Metrics } from './metrics.ts';

/** `/healthz`: the process answers. `/readyz`: it takes new calls. `/metrics`: Prometheus. */
export function httpRoutes(parts: {
  readonly metrics: Metrics;
  readonly live: () => number;
  readonly draining: () => boolean;
  readonly storeReady: () => Promise<boolean>;
}): Hono {
  const app = new Hono();
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const draining = parts.draining();
    const store = await parts.storeReady().catch(() => false);
    // A store that is down does not stop calls: the spool takes the records.
    return c.json(
      { status: draining ? 'draining' : 'ready', store: store ? 'ok' : 'down', liveCalls: parts.live() },
      draining ? 503 : 200,
    );
  });
  app.get('/metrics', async (c) => {
    const { registry } = parts.metrics;
    return c.text(await registry.metrics(), 200, { 'content-type': registry.contentType });
  });
  app.notFound((c) => c.json({ status: 'error', message: 'no such page' }, 404));
  app.onError((_error, c) => c.json({ status: 'error', message: 'internal error' }, 500));
  return app;
}
