package io.mlog.broker.net;

import io.netty.channel.ChannelPipeline;

/** What answers HTTP. */
@FunctionalInterface
public interface HttpLanguage {
    /** Adds HTTP's handlers at the end of a connection's pipeline; on its event loop. */
    void install(ChannelPipeline pipeline);
}
