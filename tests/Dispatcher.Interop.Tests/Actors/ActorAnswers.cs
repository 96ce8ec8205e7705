using System.Globalization;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Actors;

/// <summary>What actors answer.</summary>
internal static class ActorAnswers
{
    extension(LineAnswer answer)
    {
        /// <summary>Ids of the programs attached, in the order of the request.</summary>
        public IReadOnlyList<uint> Ids => answer.Value("ids") is { Length: > 0 } ids ? [.. ids.Split(',').Select(Parse)] : [];

        /// <summary>Attempts that a change took; 0 where the actor tells none.</summary>
        public int Attempts => (int)answer.Number("attempts");

        /// <summary>Mode of the hook that was listed; <c>-</c> when it is empty.</summary>
        public string Mode => answer.Value("mode");

        /// <summary>Program id of the dispatcher that was listed; 0 when there is none.</summary>
        public uint Dispatcher => (uint)answer.Number("dispatcher");

        /// <summary>The programs that were listed, in running order.</summary>
        public IReadOnlyList<ListedProgram> Programs =>
            answer.Value("programs") is { Length: > 0 } programs ? [.. programs.Split(';').Select(ReadProgram)] : [];
    }

    private static uint Parse(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private static ListedProgram ReadProgram(string text)
    {
        var parts = text.Split(':');
        return new ListedProgram(Parse(parts[0]), parts[1], Parse(parts[2]), parts[3], parts[4]);
    }
}
