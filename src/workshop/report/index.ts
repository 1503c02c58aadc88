export { reportHtml } from './report-html.ts';
export type { ReportInput } from './report-input.ts';
export { reportJson } from './report-json.ts';
export { reportMarkdown } from './report-markdown.ts';
