/** Benchmarks of the component: see {@code bench/README.md}. */
package io.github.camelmixpanel.export.bench;
