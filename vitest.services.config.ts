import { defineConfig } from 'vitest/config';

/** Tests of whole processes: they build the package once and run its command line. */
export default defineConfig({
  test: {
    include: ['test/services/**/*.test.ts'],
    globalSetup: ['test/services/build.ts'],
    // Output is compared as text, also where CI would have it in colours.
    env: { NO_COLOR: '1' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each test runs processes of its own beside it.
    maxWorkers: 2,
  },
});
