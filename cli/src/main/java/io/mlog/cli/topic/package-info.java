/** {@code mlog topic …}: administration of topics. Only the command line imports it. */
@NullMarked
package io.mlog.cli.topic;

import org.jspecify.annotations.NullMarked;
