namespace Dispatcher.Compiler.Bpf;

/// <summary>Names of the kernel helpers that XDP programs call most; only for text.</summary>
/// <remarks>Source: enum bpf_func_id in include/uapi/linux/bpf.h; the ids never change.</remarks>
internal static class BpfHelperNames
{
    /// <summary>The name of a helper, null when this table does not hold it.</summary>
    public static string? Find(int helper) => helper switch
    {
        1 => "bpf_map_lookup_elem",
        2 => "bpf_map_update_elem",
        3 => "bpf_map_delete_elem",
        5 => "bpf_ktime_get_ns",
        6 => "bpf_trace_printk",
        7 => "bpf_get_prandom_u32",
        8 => "bpf_get_smp_processor_id",
        12 => "bpf_tail_call",
        23 => "bpf_redirect",
        25 => "bpf_perf_event_output",
        28 => "bpf_csum_diff",
        44 => "bpf_xdp_adjust_head",
        51 => "bpf_redirect_map",
        54 => "bpf_xdp_adjust_meta",
        65 => "bpf_xdp_adjust_tail",
        69 => "bpf_fib_lookup",
        130 => "bpf_ringbuf_output",
        131 => "bpf_ringbuf_reserve",
        132 => "bpf_ringbuf_submit",
        133 => "bpf_ringbuf_discard",
        188 => "bpf_xdp_get_buff_len",
        189 => "bpf_xdp_load_bytes",
        190 => "bpf_xdp_store_bytes",
        _ => null,
    };
}
