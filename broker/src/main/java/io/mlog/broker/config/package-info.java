/**
 * What an operator can set: one table of settings, the three places they are read from, and one
 * checked record per component. Everything in the broker may import it; it imports only {@code
 * model}.
 */
@NullMarked
package io.mlog.broker.config;

import org.jspecify.annotations.NullMarked;
