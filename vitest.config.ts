import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/** These go by the wall: what is computed beside them would make them late, so they run one after the other. */
const BY_THE_WALL = ['test/server/**/*.test.ts', 'test/responders/**/*.test.ts', 'test/cli/demo.test.ts'];

const common = {
  // Output is compared as text, also where CI would have it in colours.
  env: { NO_COLOR: '1' },
  testTimeout: 15_000,
  hookTimeout: 30_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'computed',
          include: ['test/**/*.test.ts'],
          // Services start whole processes: npm run test:services.
          exclude: [...configDefaults.exclude, 'test/services/**', ...BY_THE_WALL],
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'by the wall',
          include: BY_THE_WALL,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
