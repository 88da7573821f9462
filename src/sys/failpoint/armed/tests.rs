use super::{Action, Errno, Order, When, Who, Wrong};

#[test]
fn orders_are_understood() {
    for (text, action, who, when) in [
        ("claimed=kill", Action::Kill, Who::Anybody, When::Once(1)),
        ("claimed=abort@supervisor", Action::Abort, Who::Supervisor, When::Once(1)),
        ("claimed=delay@worker#3", Action::Delay, Who::Worker, When::Once(3)),
        ("claimed=EINTR@2%5", Action::Refuse(Errno::INTR), Who::Slot(2), When::Every(5)),
        ("claimed=EAGAIN@2.1", Action::Refuse(Errno::AGAIN), Who::Generation(2, 1), When::Once(1)),
        ("claimed=short@0", Action::Short, Who::Slot(0), When::Once(1)),
        ("claimed=ENOSPC+4", Action::Refuse(Errno::NOSPC), Who::Anybody, When::From(4)),
        ("claimed=ENOMEM#2", Action::Refuse(Errno::NOMEM), Who::Anybody, When::Once(2)),
    ] {
        let order: Order = text.parse().unwrap();
        assert_eq!((order.text.as_str(), order.point.as_str()), (text, "claimed"));
        assert_eq!((order.action, order.who, order.when), (action, who, when), "{text}");
    }
    for (text, wrong) in [
        ("claimed", Wrong::Action),
        ("claimed=die", Wrong::Action),
        ("claimed=kill@nobody", Wrong::Who),
        ("claimed=kill@1.x", Wrong::Who),
        ("claimed=kill#0", Wrong::Number),
        ("claimed=kill%x", Wrong::Number),
    ] {
        assert_eq!(text.parse::<Order>().err(), Some(wrong), "{text}");
    }
}

#[test]
fn an_order_is_for_whom_it_names() {
    let all = [
        Who::Anybody,
        Who::Supervisor,
        Who::Worker,
        Who::Slot(1),
        Who::Generation(1, 0),
        Who::Generation(1, 2),
    ];
    for (me, is) in [
        (None, [true, true, false, false, false, false]),
        (Some("0.0"), [true, false, true, false, false, false]),
        (Some("1.0"), [true, false, true, true, true, false]),
        (Some("1.2"), [true, false, true, true, false, true]),
    ] {
        assert_eq!(all.map(|who| who.is(me)), is, "{me:?}");
    }
}

#[test]
fn an_order_is_carried_out_when_it_says() {
    let due = |text: &str| {
        let order: Order = text.parse().unwrap();
        (1..=6).filter(|_| order.is_due()).count()
    };
    assert_eq!(due("x=kill"), 1);
    assert_eq!(due("x=kill#6"), 1);
    assert_eq!(due("x=kill#7"), 0);
    assert_eq!(due("x=kill%1"), 6);
    assert_eq!(due("x=kill%2"), 3);
    assert_eq!(due("x=kill+1"), 6);
    assert_eq!(due("x=kill+5"), 2);
}
