/**
 * What is counted, and how it is shown to Prometheus. Counting is cheap and knows no library;
 * Prometheus' classes are loaded by the first scrape.
 */
@NullMarked
package io.mlog.broker.metrics;

import org.jspecify.annotations.NullMarked;
