import { askHttp } from './ask-http.ts';
import { type Check, findingsOf } from './check.ts';

const { ok, fail, skip } = findingsOf('relay');

/** Servers behind the guard. No WebSocket is opened: that would be a call for them. */
export const relayCheck: Check = {
  name: 'relay',
  ifDown: 'the platform is refused or dropped as it would be without the guard, and dials again',
  async run({ config, offline, timeoutMs }) {
    const relays = Object.entries(config.responders).flatMap(([name, spec]) =>
      spec.type === 'relay' ? [{ name, url: spec.url }] : [],
    );
    if (relays.length === 0) return [skip('no server stands behind the guard')];
    return Promise.all(
      relays.map(async ({ name, url }) => {
        const { origin } = new URL(url.replace(/^ws/, 'http'));
        if (offline) return skip(`${name}: not asked (--offline)`);
        try {
          await askHttp(origin, { timeoutMs });
          return ok(`${name}: a server is at ${origin.replace(/^http/, 'ws')}; no socket was opened`);
        } catch (error) {
          const why = error instanceof Error ? error.message : 'unknown reason';
          return fail(`${name}: ${origin} cannot be reached (${why})`, 'start it, or check responders.*.url');
        }
      }),
    );
  },
};
