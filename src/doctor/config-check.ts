import { agentSettings } from '../config.ts';
import { isPlainBeyondLoopback } from './ask-http.ts';
import { type Check, findingsOf } from './check.ts';

const { ok, warn } = findingsOf('config');

/** The configuration has been read already: it is what the others look at. */
export const configCheck: Check = {
  name: 'config',
  ifDown: 'a file with an error is refused at the start; at SIGHUP the old one stays in force',
  async run({ config }) {
    const agents = Object.keys(config.agents);
    const acting = agents.filter((name) => agentSettings(config, name)?.mode === 'enforce');
    const found = [ok(`${agents.length} agent(s): ${agents.join(', ')}; preset ${config.preset}`)];
    if (acting.length === 0) {
      found.push(
        warn('no agent is in enforce mode: nobody will be hung up on', 'set mode: enforce once the records look right'),
      );
    }
    for (const name of agents) {
      const agent = config.agents[name];
      if (!agent) continue;
      const type = config.responders[agent.responder]?.type;
      if (type === 'scripted') {
        found.push(
          warn(
            `agent ${name} is answered by the built-in script, which is no model`,
            'name a responder of type openai, anthropic, providers or relay',
          ),
        );
      }
      for (const [tool, { url }] of Object.entries(agent.tools.http)) {
        if (isPlainBeyondLoopback(url)) {
          found.push(warn(`the tool ${tool} of agent ${name} is called without TLS`, 'use an https URL'));
        }
      }
    }
    const { responder, max_cost_per_call, max_cost_per_day } = config.classifier;
    const spec = responder === undefined ? undefined : config.responders[responder];
    const price = spec?.type === 'openai' || spec?.type === 'anthropic' ? spec.price : undefined;
    if ((max_cost_per_call ?? max_cost_per_day) !== undefined && responder !== undefined && price === undefined) {
      found.push(
        warn('the classifier has a price limit, but its model has no price', `add responders.${responder}.price`),
      );
    }
    return found;
  },
};
