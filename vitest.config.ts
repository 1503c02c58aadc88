import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These start whole processes: npm run test:services.
    exclude: [...configDefaults.exclude, 'test/services/**'],
    testTimeout: 15_000,
    hookTimeout: 30_000,
  },
});
