import { askHttp } from './ask-http.ts';
import { type Check, findingsOf } from './check.ts';

const { ok, warn, fail, skip } = findingsOf('clock');
const WARN_MS = 30_000;
const FAIL_MS = 240_000;

/** The clock of this machine against that of the platform. */
export const clockCheck: Check = {
  name: 'clock',
  ifDown: 'signatures of webhooks are refused after five minutes, list entries run out early or late, history is wrong',
  async run({ offline, retellUrl, timeoutMs }) {
    if (offline) return [skip('not compared (--offline)')];
    try {
      const askedAt = Date.now();
      const { date } = await askHttp(retellUrl, { timeoutMs });
      if (date === undefined) return [skip('the platform does not tell the time')];
      const off = Math.round((askedAt + Date.now()) / 2 - date);
      const seconds = `${Math.abs(off / 1000).toFixed(0)} s ${off < 0 ? 'behind' : 'ahead'}`;
      if (Math.abs(off) > FAIL_MS) return [fail(`this machine's clock is ${seconds}`, 'set it by NTP')];
      if (Math.abs(off) > WARN_MS) return [warn(`this machine's clock is ${seconds}`, 'set it by NTP')];
      return [ok(`agrees with the platform within ${Math.max(1, Math.ceil(Math.abs(off) / 1000))} s`)];
    } catch (error) {
      return [skip(`the platform cannot be asked (${error instanceof Error ? error.message : 'unknown reason'})`)];
    }
  },
};
