/** {@code mlog cluster}: who is in the cluster and how it is. Only the command line imports it. */
@NullMarked
package io.mlog.cli.cluster;

import org.jspecify.annotations.NullMarked;
