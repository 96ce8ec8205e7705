namespace Dispatcher.Testing;

/// <summary>Verdicts in place of components in the C twin of a dispatcher, as <c>StubBody</c> of the Compiler has them for ours.</summary>
public static class TwinStubs
{
    /// <summary>C text for clang's <c>-include</c>: stub k returns the 32 bits of a packet at byte 4 * k; 31 when the packet is too short.</summary>
    /// <remarks>compat_test counts as stub 10. Pairs with <c>StubBody.FromPacket</c>.</remarks>
    public const string FromPacket =
        """
        enum { AT_prog0, AT_prog1, AT_prog2, AT_prog3, AT_prog4, AT_prog5, AT_prog6, AT_prog7, AT_prog8, AT_prog9, AT_compat_test };
        #define REPLACEABLE(name)                                                              \
        	__attribute__((noinline)) int name(struct xdp_md *ctx)                         \
        	{                                                                              \
        		volatile __u32 *at = (__u32 *)(long)ctx->data + AT_##name;             \
        		if ((void *)(at + 1) > (void *)(long)ctx->data_end)                    \
        			return EMPTY_SLOT;                                             \
        		return *at;                                                            \
        	}

        """;
}
