// What ESLint holds the scripts to: its recommended rules, with no comment in a script that turns one off.
import js from '@eslint/js';
import globals from 'globals';

const BROWSER = { ...globals.browser, nnprobe: 'readonly', Plotly: 'readonly' };

export default [
  { ignores: ['.venv/', 'build/', 'dist/', 'var/'] },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  // The page's scripts share one namespace and are loaded as they are: no modules, and nothing is built.
  { files: ['**/*.js'], languageOptions: { sourceType: 'script', globals: BROWSER } },
  { files: ['tests/js/**/*.mjs'], languageOptions: { globals: globals.node } },
];
