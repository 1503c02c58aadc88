import { askHttp } from './ask-http.ts';
import { type Check, findingsOf } from './check.ts';

const { ok, warn, fail, skip } = findingsOf('platform');

/** The key of the platform's REST API. */
export const platformCheck: Check = {
  name: 'platform',
  ifDown: 'a call whose hang-up the platform ignores three times cannot be stopped by the fourth means',
  async run({ secrets, offline, retellUrl, timeoutMs }) {
    const key = secrets.retellApiKey;
    if (key === undefined) {
      return [warn('RETELL_API_KEY is not set: no call can be stopped over the REST API', 'export RETELL_API_KEY=…')];
    }
    if (offline) return [skip('RETELL_API_KEY is set; not tried (--offline)')];
    try {
      const headers = { authorization: `Bearer ${key}` };
      const { status } = await askHttp(`${retellUrl}/get-concurrency`, { headers, timeoutMs });
      if (status === 401 || status === 403)
        return [fail(`the platform refuses RETELL_API_KEY (${status})`, 'replace it')];
      if (status >= 400) return [warn(`the platform answers ${status}`, 'try again later')];
      return [ok('the platform takes RETELL_API_KEY')];
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown reason';
      return [fail(`the REST API of the platform cannot be reached (${why})`, 'check DNS and the way out')];
    }
  },
};
