/**
 * Acts on metadata: makes the hosted partitions follow the image, and turns administration requests
 * into commands of the metadata log. Imports no Netty.
 */
@NullMarked
package io.mlog.broker.topics;

import org.jspecify.annotations.NullMarked;
