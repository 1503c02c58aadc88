import { Command } from 'commander';
import { logCommand } from '../../src/cli/log.ts';

await new Command('hangup-guard').addCommand(logCommand()).parseAsync();
