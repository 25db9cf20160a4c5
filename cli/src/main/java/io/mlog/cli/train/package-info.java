/**
 * The training run of the ahead-of-time cache: a broker and the commands at their ordinary work.
 * Only {@code bin/aot-cache} runs it; imported by the entry point only.
 */
@NullMarked
package io.mlog.cli.train;

import org.jspecify.annotations.NullMarked;
