using Dispatcher.Compiler.Btf;

namespace Dispatcher.Compiler.Tests.Btf;

public sealed class ValueArrayTests
{
    [Fact]
    public void Lists_with_equal_elements_in_the_same_order_are_equal()
    {
        ValueArray<int> list = [1, 2, 3];
        ValueArray<int> same = [.. new List<int> { 1, 2, 3 }];
        ValueArray<int> turned = [3, 2, 1];
        Assert.True(list == same && list.Equals((object)same) && list.GetHashCode() == same.GetHashCode());
        Assert.True(list != turned && list != [1, 2]);
    }

    [Fact]
    public void The_default_is_the_empty_list()
    {
        ValueArray<int> none = default;
        Assert.True(none == [] && none.Count == 0 && none.AsSpan().IsEmpty && none.GetHashCode() == new ValueArray<int>([]).GetHashCode());
        Assert.Empty((IEnumerable<int>)none);
        Assert.Equal("[]", none.ToString());
    }

    [Fact]
    public void Elements_come_in_order_by_index_and_by_enumeration()
    {
        ValueArray<string> list = ["a", "b"];
        Assert.Equal("b", list[1]);
        Assert.Equal(["a", "b"], (IEnumerable<string>)list);
        Assert.Equal("[a, b]", list.ToString());
        Assert.Throws<IndexOutOfRangeException>(() => list[2]);
    }
}
