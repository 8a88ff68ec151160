import type { PageSources } from './configuration-page.mjs';

export declare const pageFile: string;
export declare function pageTexts(): Pick<PageSources, 'example' | 'optionSources' | 'version' | 'previous'>;
