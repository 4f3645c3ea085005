using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Movento.Ingest.Tools;

/// <summary>
/// A filter of system calls (seccomp(2), classic BPF) for tools that only compute: threads but no processes, no socket, no tracing, no mounts,
/// no keys, no io_uring. What is forbidden fails with EPERM; it does not kill, so that a library that only tries goes on.
/// </summary>
internal static class SyscallFilter
{
    // linux/bpf_common.h and linux/filter.h
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfSet = 0x45, JumpIfAtLeast = 0x35, Return = 0x06;

    // linux/seccomp.h; the offsets are those of struct seccomp_data.
    private const uint Allow = 0x7FFF_0000, Kill = 0x8000_0000, Errno = 0x0005_0000;
    private const uint NumberOffset = 0, ArchitectureOffset = 4, FirstArgumentOffset = 16;
    private const uint NotPermitted = 1, NotImplemented = 38;

    // linux/sched.h
    private const uint CloneThread = 0x0001_0000;

    // asm/unistd_64.h: fork vfork socket socketpair ptrace process_vm_readv process_vm_writev mount umount2 pivot_root chroot setns unshare keyctl
    // add_key request_key bpf perf_event_open userfaultfd io_uring_* kexec_load kexec_file_load init_module finit_module delete_module
    // open_by_handle_at name_to_handle_at open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr modify_ldt personality quotactl acct
    // swapon swapoff reboot iopl ioperm kcmp
    private static readonly uint[] ForbiddenX64 =
    [
        57, 58, 41, 53, 101, 310, 311, 165, 166, 155, 161, 308, 272, 250, 248, 249, 321, 298, 323, 425, 426, 427, 246, 320, 175, 313, 176,
        304, 303, 428, 429, 430, 431, 432, 433, 442, 154, 135, 179, 163, 167, 168, 169, 172, 173, 312,
    ];

    // asm-generic/unistd.h: the same, as far as they exist there.
    private static readonly uint[] ForbiddenArm64 =
    [
        198, 199, 117, 270, 271, 40, 39, 41, 51, 268, 97, 219, 217, 218, 280, 241, 282, 425, 426, 427, 104, 294, 105, 273, 106,
        265, 264, 428, 429, 430, 431, 432, 433, 442, 92, 60, 89, 224, 225, 142, 272,
    ];

    /// <summary>The program for this machine as bubblewrap takes it; null on an architecture whose numbers are not here.</summary>
    public static byte[]? Program() => RuntimeInformation.ProcessArchitecture switch
    {
        // linux/audit.h: AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64
        Architecture.X64 => Program(0xC000_003E, clone: 56, ForbiddenX64),
        Architecture.Arm64 => Program(0xC000_00B7, clone: 220, ForbiddenArm64),
        _ => null,
    };

    private static byte[] Program(uint architecture, uint clone, uint[] forbidden)
    {
        const uint Clone3 = 435;
        const uint X32Bit = 0x4000_0000;
        var program = new List<(ushort Code, byte Then, byte Else, uint Value)>
        {
            (Load, 0, 0, ArchitectureOffset),
            (JumpIfEqual, 1, 0, architecture),
            (Return, 0, 0, Kill),
            (Load, 0, 0, NumberOffset),
            // The x32 calls of x86-64 have numbers of their own, which no tool of ours uses.
            (JumpIfAtLeast, 0, 1, X32Bit),
            (Return, 0, 0, Errno | NotPermitted),
            // Its flags lie in memory, where a filter cannot look; libraries fall back to clone.
            (JumpIfEqual, 0, 1, Clone3),
            (Return, 0, 0, Errno | NotImplemented),
            (JumpIfEqual, 0, 4, clone),
            (Load, 0, 0, FirstArgumentOffset),
            (JumpIfSet, 1, 0, CloneThread),
            (Return, 0, 0, Errno | NotPermitted),
            (Return, 0, 0, Allow),
        };
        foreach (var number in forbidden)
        {
            program.Add((JumpIfEqual, 0, 1, number));
            program.Add((Return, 0, 0, Errno | NotPermitted));
        }
        program.Add((Return, 0, 0, Allow));

        // struct sock_filter: code, jt, jf, k. Both architectures are little-endian.
        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            var at = bytes.AsSpan(i * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(at, program[i].Code);
            (at[2], at[3]) = (program[i].Then, program[i].Else);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], program[i].Value);
        }
        return bytes;
    }
}
